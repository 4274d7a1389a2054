import { createLogger, Health, Metrics, openTracing } from '@reeltag/platform'
import type { Config, Logger, Tracing } from '@reeltag/platform'

/** What a process has from its first moment on. */
export interface Surroundings {
  readonly config: Config
  readonly logger: Logger
  readonly health: Health
  readonly metrics: Metrics
  readonly tracing: Tracing
  /** Aborted when the process is asked to stop before it has started. */
  readonly signal: AbortSignal
}

export const openSurroundings = async (config: Config, signal: AbortSignal): Promise<Surroundings> => {
  const logger = createLogger(config.log)
  const tracing = await openTracing(config.tracing, config.services, logger)
  const metrics = new Metrics()
  const { version } = config.tracing
  metrics
    .gauge('reeltag_build_info', 'Always 1; says what runs here', ['version', 'node', 'services'])
    .set({ version, node: process.version, services: config.services.join(',') }, 1)
  return { config, logger, health: new Health(), metrics, tracing, signal }
}
