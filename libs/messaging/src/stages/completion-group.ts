import type { Finish } from './finish-stages.js'

interface Waiting {
  readonly finish: Finish
  readonly settle: (outcome: PromiseSettledResult<boolean>) => void
}

type Commit = (finishes: readonly Finish[], options: { durable: boolean }) => Promise<boolean[]>

/**
 * Joins completions that arrive while a commit is under way into the next one. A disk flush costs the same for one
 * row and for fifty, and commits are what bookkeeping costs; an idle system still commits at once.
 */
export class CompletionGroup {
  private waiting: Waiting[] = []
  private flushing = false

  constructor(
    private readonly commit: Commit,
    /** Most completions in one transaction. */
    private readonly sizeMax = 64,
  ) {}

  /** @returns whether the fence accepted it, once the transaction that holds it is committed */
  async finish(finish: Finish): Promise<boolean> {
    const outcome = await new Promise<PromiseSettledResult<boolean>>((settle) => {
      this.waiting.push({ finish, settle })
      void this.flush()
    })
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }

  private async flush(): Promise<void> {
    if (this.flushing) return
    this.flushing = true
    while (this.waiting.length > 0) await this.commitGroup(this.waiting.splice(0, this.sizeMax))
    this.flushing = false
  }

  private async commitGroup(group: readonly Waiting[]): Promise<void> {
    const durable = group.some(({ finish }) => finish.completion.durable === true)
    try {
      const accepted = await this.commit(
        group.map(({ finish }) => finish),
        { durable },
      )
      group.forEach(({ settle }, index) => settle({ status: 'fulfilled', value: accepted[index] ?? false }))
    } catch (reason) {
      const [only, ...others] = group
      if (only !== undefined && others.length === 0) {
        only.settle({ status: 'rejected', reason })
        return
      }
      // One bad completion must not take its neighbours along: each gets a transaction of its own.
      for (const one of group) await this.commitGroup([one])
    }
  }
}
