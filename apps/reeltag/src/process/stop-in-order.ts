import type { Runtime } from '@reeltag/pipeline'
import { settlesWithin, type OperationsServer } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenFoundation } from './foundation.js'
import type { RunningService } from './services.js'
import type { Surroundings } from './surroundings.js'

export interface Stoppable {
  readonly around: Surroundings
  readonly foundation: OpenFoundation
  readonly runtime: Runtime
  readonly services: readonly RunningService[]
  /** Where health and metrics are answered apart from the gateway. */
  readonly operations?: OperationsServer
}

/** A part of the time that is kept for what comes after the work: events, models, connections. */
const closingShare = 0.25
const closeMsMax = 10_000

/**
 * Unready first, so that nobody sends more; then no more requests; then no more jobs and events, and what is under way
 * ends; then what that has written is published; then models, decoders and connections; the servers last. Work that
 * takes longer than the time it was given is handed to whoever comes next.
 */
export const stopInOrder = async (parts: Stoppable): Promise<void> => {
  const { around, foundation, runtime, services, operations } = parts
  const { health, logger, tracing, config } = around
  const { stopDelaySeconds, stopTimeoutSeconds } = config.lifecycle
  const say = (step: string): void => logger.info({ step }, 'stopping')
  health.drain()
  say('unready')
  // Balancers go on sending for a moment after they were told.
  await sleep(stopDelaySeconds * 1_000)
  const deadline = performance.now() + stopTimeoutSeconds * 1_000 * (1 - closingShare)
  const left = (): number => Math.max(0, deadline - performance.now())
  const gateways = services.filter(({ name }) => name === 'gateway')
  say('requests')
  for (const gateway of gateways) await settlesWithin(left() + closeMsMax, gateway.close(left() / 2))
  say('jobs and events')
  await runtime.stop(left())
  say('services')
  for (const service of services.filter((it) => !gateways.includes(it))) {
    if (!(await settlesWithin(closeMsMax, service.close(0)))) logger.warn({ service: service.name }, 'did not close')
  }
  await tracing.stop()
  await foundation.close()
  await operations?.close()
}
