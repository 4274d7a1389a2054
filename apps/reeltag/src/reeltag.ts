import { serviceNames } from '@reeltag/contracts'
import { createRuntime } from '@reeltag/messaging'
import type { Config } from '@reeltag/platform'
import { openFoundation } from './foundation.js'
import { startService, type RunningService } from './services.js'

export interface Reeltag {
  /** Where the gateway answers; undefined where this process runs none. */
  readonly url: string | undefined
  /** Stops in order: no new work, finish what is under way, then the servers. */
  stop(): Promise<void>
}

/** Starts the services that the configuration names, on embedded or named servers. */
export const startReeltag = async (config: Config): Promise<Reeltag> => {
  const foundation = await openFoundation(config)
  const services: RunningService[] = []
  try {
    const runtime = await createRuntime(foundation)
    if (foundation.exclusive && config.services.length === serviceNames.length) {
      await runtime.stages.reclaimAll()
      await foundation.blobs.sweepUploads({ graceSeconds: 0 })
    }
    // The gateway comes last: whoever reaches it finds the rest running.
    const order = [...config.services].sort((a, b) => Number(a === 'gateway') - Number(b === 'gateway'))
    for (const name of order) services.push(await startService(name, runtime))
    runtime.start()
    foundation.health.ready()
    const stop = async (): Promise<void> => {
      foundation.health.drain()
      for (const service of services.filter(({ url }) => url !== undefined)) await service.close()
      await runtime.stop()
      for (const service of services.filter(({ url }) => url === undefined)) await service.close()
      await foundation.close()
    }
    return { url: services.find(({ url }) => url !== undefined)?.url, stop }
  } catch (error) {
    for (const service of services.reverse()) await service.close().catch(() => undefined)
    await foundation.close()
    throw error
  }
}
