import { toReeltagError } from '@reeltag/contracts'
import { setTimeout as sleep } from 'node:timers/promises'

interface Wanted {
  readonly pack: string
  /** Set if somebody requested it; a new id requests another try. */
  readonly requestId: string | null
}

interface Load extends Wanted {
  readonly state: 'loading' | 'ready' | 'refused'
  readonly errorCode?: string
  readonly errorDetail?: string
}

interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface PackWatcherParts {
  /** Where packs are requested and where this process reports which ones it has loaded. */
  readonly loads: {
    wanted(): Promise<readonly Wanted[]>
    needed(packs: readonly string[]): Promise<readonly string[]>
    report(loads: readonly Load[]): Promise<void>
  }
  readonly packs: { readonly held: readonly string[]; retain(wanted: ReadonlySet<string>): Promise<string[]> }
  /** Verifies, opens and warms what this service needs of a pack. */
  readonly open: (pack: string) => Promise<unknown>
  /** The service's own pack, which always stays loaded. */
  readonly own: string
  readonly logger: Logger
}

const everyMs = 1_000
/** A pack that could not be loaded may have been repaired since. */
const againMs = 30_000

/**
 * Keeps requested packs loaded, in addition to those in use. A pack is used only by contents that name it, so loading
 * one has no effect on others, and one that cannot be loaded is only reported as refused.
 */
export class PackWatcher {
  private readonly loads = new Map<string, Load>()
  private readonly triedAt = new Map<string, number>()
  private readonly opening = new Set<Promise<void>>()
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private silent = false

  constructor(private readonly parts: PackWatcherParts) {}

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
    await Promise.all(this.opening)
  }

  /** Does the waiting work. The loop calls it every second. */
  async work(): Promise<void> {
    const wanted = await this.parts.loads.wanted()
    const names = new Set(wanted.map(({ pack }) => pack))
    for (const pack of this.loads.keys()) if (!names.has(pack)) this.loads.delete(pack)
    for (const one of wanted) this.consider(one)
    await this.parts.loads.report([...this.loads.values()])
    await this.unload(names.add(this.parts.own))
  }

  private consider({ pack, requestId }: Wanted): void {
    const known = this.loads.get(pack)
    if (known?.state === 'loading') return
    const asked = requestId !== null && requestId !== known?.requestId
    if (known?.state === 'ready') {
      // The pack is already loaded, so the request is answered at once.
      if (asked) this.loads.set(pack, { ...known, requestId })
      return
    }
    const late = performance.now() - (this.triedAt.get(pack) ?? 0) > againMs
    if (known === undefined || asked || late) this.load({ pack, requestId })
  }

  private load(wanted: Wanted): void {
    const { pack } = wanted
    this.loads.set(pack, { ...wanted, state: 'loading' })
    this.triedAt.set(pack, performance.now())
    const loading = this.parts
      .open(pack)
      .then(
        () => this.settle({ ...wanted, state: 'ready' }),
        (error: unknown) => {
          const { code, message } = toReeltagError(error)
          this.settle({ ...wanted, state: 'refused', errorCode: code, errorDetail: message })
          this.parts.logger.warn({ pack, code, err: error }, 'a pack cannot be loaded; the packs in use are unchanged')
        },
      )
      .finally(() => this.opening.delete(loading))
    this.opening.add(loading)
  }

  /** The request may have been withdrawn in the meantime. */
  private settle(load: Load): void {
    if (this.loads.has(load.pack)) this.loads.set(load.pack, load)
  }

  private async unload(wanted: ReadonlySet<string>): Promise<void> {
    const others = this.parts.packs.held.filter((pack) => !wanted.has(pack))
    if (others.length === 0) return
    const needed = await this.parts.loads.needed(others)
    const closed = await this.parts.packs.retain(new Set([...wanted, ...needed]))
    if (closed.length > 0) this.parts.logger.info({ packs: closed }, 'packs that are no longer needed were closed')
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping
    while (!signal.aborted) {
      try {
        await this.work()
        this.silent = false
      } catch (error) {
        // Postgres is unavailable. Loaded packs stay in use. Logged once, not every second.
        if (!this.silent) this.parts.logger.warn({ err: error }, 'the list of requested packs cannot be read')
        this.silent = true
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
