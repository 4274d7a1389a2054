import { toReeltagError } from '@reeltag/contracts'

interface Wanted {
  readonly pack: string
  /** Set where somebody asked for it; another one asks for another try. */
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
  /** Where packs are asked for, and where it is told which of them are here. */
  readonly loads: {
    wanted(): Promise<readonly Wanted[]>
    needed(packs: readonly string[]): Promise<readonly string[]>
    report(loads: readonly Load[]): Promise<void>
  }
  readonly packs: { readonly held: readonly string[]; retain(wanted: ReadonlySet<string>): Promise<string[]> }
  /** Verifies, opens and warms what this service needs of a pack. */
  readonly open: (pack: string) => Promise<unknown>
  /** Stays loaded whoever wants it: what the service answers for. */
  readonly own: string
  readonly logger: Logger
}

const everyMs = 1_000
/** A pack that could not be loaded may have been mended since. */
const againMs = 30_000

/**
 * Keeps the packs loaded that somebody wants, beside those in use: a pack is put into service by nothing but contents
 * that name it, so loading one disturbs nobody, and one that cannot be loaded is merely said to be refused.
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

  /** Does what is to do now; the loop calls it every second. */
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
      // Whoever asks for what is here has the answer at once.
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

  /** Nobody may want it any more by now. */
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
        // Postgres is away: what is loaded serves on. Said once, not every second.
        if (!this.silent) this.parts.logger.warn({ err: error }, 'the list of requested packs cannot be read')
        this.silent = true
      }
      await pause(everyMs, signal)
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
