import type { Logger } from '@reeltag/platform'
import type { StageKey } from '../stages/stage-task.js'
import type { StageStore } from '../stages/stage.store.js'

interface Held extends StageKey {
  readonly leaseSeconds: number
  readonly abort: AbortController
}

const renewMs = 4_000

/** Renews the leases of all work of this process with one statement. Work whose lease was lost is aborted. */
export class LeaseKeeper {
  private readonly held = new Set<Held>()
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly stages: Pick<StageStore, 'renew'>,
    private readonly logger: Logger,
  ) {
    this.timer = setInterval(() => void this.renew(), renewMs)
    this.timer.unref()
  }

  hold(key: StageKey, leaseSeconds: number): { readonly signal: AbortSignal; release(): void } {
    const held = { ...key, leaseSeconds, abort: new AbortController() }
    this.held.add(held)
    return { signal: held.abort.signal, release: () => void this.held.delete(held) }
  }

  /** Aborts all work that is still held. @returns its keys */
  callOff(): StageKey[] {
    const held = [...this.held]
    for (const { abort } of held) abort.abort(new Error('the process stops'))
    return held.map(({ contentId, stage, attempt }) => ({ contentId, stage, attempt }))
  }

  close(): void {
    clearInterval(this.timer)
  }

  private async renew(): Promise<void> {
    const asked = [...this.held]
    try {
      const kept = new Set((await this.stages.renew(asked)).map(nameOf))
      for (const held of asked.filter((key) => this.held.has(key) && !kept.has(nameOf(key)))) {
        held.abort.abort(new Error('the lease was taken away'))
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'leases could not be renewed; retrying soon')
    }
  }
}

const nameOf = ({ contentId, stage, attempt }: StageKey): string => `${contentId} ${stage} ${attempt}`
