import { serviceNames, type ReeltagError } from '@reeltag/contracts'
import { createRuntime } from '@reeltag/pipeline'
import { OperationsServer, type Config } from '@reeltag/platform'
import { openFoundation } from './foundation.js'
import { deviceOf, startService, type RunningService } from './services.js'
import { stopInOrder } from './stop-in-order.js'
import { openSurroundings, type Surroundings } from './surroundings.js'

export interface Reeltag {
  /** Where this process answers HTTP: the gateway's API, or health and metrics alone. */
  readonly url: string
  /** Settles when a part has failed for good, so that only a new process can replace it. */
  readonly died: Promise<ReeltagError>
  /** Stops in order: no new work, finish what is under way, then the servers. */
  stop(): Promise<void>
}

/**
 * Starts the services that the configuration names, on embedded or named servers.
 * @param signal aborted when the process is asked to stop; a start that is under way ends then, and cleans up
 */
export const startReeltag = async (config: Config, signal: AbortSignal): Promise<Reeltag> => {
  const around = await openSurroundings(config, signal)
  const operations = await OperationsServer.open(config.http, around.health, around.metrics)
  try {
    return await startOn(around, operations)
  } catch (error) {
    await operations.close().catch(() => undefined)
    await around.tracing.stop()
    throw error
  }
}

const startOn = async (around: Surroundings, operations: OperationsServer): Promise<Reeltag> => {
  const { config, signal, health } = around
  const foundation = await openFoundation(around)
  const services: RunningService[] = []
  try {
    const runtime = await createRuntime(foundation, { deviceOf: deviceOf(config) })
    if (foundation.exclusive && config.services.length === serviceNames.length) {
      await runtime.stages.reclaimAll()
      await foundation.blobs.sweepUploads({ graceSeconds: 0 })
    }
    for (const name of config.services.filter((service) => service !== 'gateway')) {
      signal.throwIfAborted()
      health.starting(name)
      services.push(await startService(name, runtime))
    }
    // The gateway starts last and takes over the port, so that everything else runs when it is reachable.
    const servesApi = config.services.includes('gateway')
    if (servesApi) {
      signal.throwIfAborted()
      health.starting('gateway')
      await operations.close()
      services.push(await startService('gateway', runtime))
    }
    runtime.start()
    health.ready()
    const gateway = services.find(({ name }) => name === 'gateway')
    const stop = () => stopInOrder({ around, foundation, runtime, services, ...(servesApi ? {} : { operations }) })
    return { url: gateway?.url ?? operations.url, died: Promise.race([runtime.bus.died, foundation.died]), stop }
  } catch (error) {
    for (const service of services.reverse()) await service.close(0).catch(() => undefined)
    await foundation.close()
    throw error
  }
}
