interface Waiting<T, R> {
  readonly item: T
  readonly settle: (outcome: PromiseSettledResult<R>) => void
}

/** Processes all items in one transaction. @returns an answer for each item, in their order */
type Commit<T, R> = (items: readonly T[]) => Promise<readonly R[]>

/**
 * Items that arrive during a commit share the next one. A disk flush, a round trip and a plan cost the same for one row
 * and for fifty, and make up most of the cost of bookkeeping. An idle system still commits at once.
 */
export class CommitGroup<T, R> {
  private waiting: Waiting<T, R>[] = []
  private flushing = false

  constructor(
    private readonly commit: Commit<T, R>,
    /** Most items in one transaction. */
    private readonly sizeMax = 64,
  ) {}

  /** @returns the item's answer, once the transaction that holds it is committed */
  async join(item: T): Promise<R> {
    const outcome = await new Promise<PromiseSettledResult<R>>((settle) => {
      this.waiting.push({ item, settle })
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

  private async commitGroup(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const answers = await this.commit(group.map(({ item }) => item))
      group.forEach(({ settle }, index) => settle({ status: 'fulfilled', value: answers[index] as R }))
    } catch (reason) {
      const [only, ...others] = group
      if (only !== undefined && others.length === 0) {
        only.settle({ status: 'rejected', reason })
        return
      }
      // One bad item must not fail the others, so each item gets a transaction of its own.
      for (const one of group) await this.commitGroup([one])
    }
  }
}
