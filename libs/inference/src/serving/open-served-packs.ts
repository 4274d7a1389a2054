import { PackServer } from './pack-server.js'
import { PackWatcher, type PackWatcherParts } from './pack-watcher.js'
import { servePacks } from './serve-packs.js'

export interface ServedPacks {
  readonly packs: PackServer
  /** Stops watching, then closes the sessions. */
  close(): Promise<void>
}

export interface ServedPacksParts {
  /** The service that answers for them: its name in health reports. */
  readonly service: string
  /** Folders of the models, how they run, and the service's own pack. */
  readonly models: Parameters<typeof servePacks>[0] & { readonly pack: string }
  readonly loads: PackWatcherParts['loads']
  readonly metrics: Parameters<typeof servePacks>[1]
  readonly tracing: Parameters<typeof servePacks>[2]
  readonly health: { register(name: string, check: () => Promise<void>): void }
  readonly logger: PackWatcherParts['logger']
  /** Verifies, opens and warms what the service needs of a pack. */
  readonly open: (packs: PackServer, pack: string) => Promise<unknown>
}

/**
 * Opens the service's own pack before it listens, since the first video must not wait for a model to load; then keeps
 * loaded what others want.
 */
export const openServedPacks = async (parts: ServedPacksParts): Promise<ServedPacks> => {
  const { service, models, loads, health, logger } = parts
  const packs = servePacks(models, parts.metrics, parts.tracing)
  const open = (pack: string): Promise<unknown> => parts.open(packs, pack)
  await open(models.pack)
  health.register(service, async () => void (await open(models.pack)))
  const watcher = new PackWatcher({ loads, packs, open, own: models.pack, logger })
  watcher.start()
  return {
    packs,
    close: async () => {
      await watcher.stop()
      await packs.close()
    },
  }
}
