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

/** The part of the time that is reserved for closing events, models and connections. */
const closingShare = 0.25
const closeMsMax = 10_000

/**
 * The order: report unready; take no more requests; take no more jobs and events, and finish the current ones; publish
 * their events; close models, decoders and connections; stop the servers. Work that takes longer than its time is given
 * back for other processes.
 */
export const stopInOrder = async (parts: Stoppable): Promise<void> => {
  const { around, foundation, runtime, services, operations } = parts
  const { health, logger, tracing, config } = around
  const { stopDelaySeconds, stopTimeoutSeconds } = config.lifecycle
  const say = (step: string): void => logger.info({ step }, 'stopping')
  health.drain()
  say('unready')
  // Load balancers keep sending requests for a moment.
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
