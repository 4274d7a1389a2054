import type { ServiceName } from '@reeltag/contracts'
import type { Logger } from '../operations/logger.js'
import { SilentTracing, type Tracing } from './tracing.js'

export interface TracingConfig {
  /** The exporter reads its address from OpenTelemetry's variables. Here it only matters whether there is one. */
  readonly enabled: boolean
  readonly serviceName: string | undefined
  readonly version: string
}

/** A process that is one service is called after it; others are the platform. */
export const openTracing = async (
  { enabled, serviceName, version }: TracingConfig,
  services: readonly ServiceName[],
  logger: Logger,
): Promise<Tracing> => {
  if (!enabled) return new SilentTracing()
  const { OtelTracing } = await import('./otel-tracing.js')
  const [only, ...others] = services
  const name = serviceName ?? (only !== undefined && others.length === 0 ? `reeltag-${only}` : 'reeltag')
  return new OtelTracing({ serviceName: name, version }, logger)
}
