import type { Pipeline } from '@reeltag/contracts'
import type { Database, Logger } from '@reeltag/platform'
import type { QueueHolds } from '../queues/queue-holds.js'
import type { Queues } from '../queues/queues.js'

/**
 * Keeps the queues' store to what Postgres says: held queues are held, and what was given to a store that is no more
 * (emptied, restarted, another address) is given to the present one at once. Runs in the leading relay, between two
 * rounds of adding jobs, so that neither undoes the other.
 */
export class QueueKeeper {
  /** By queue, what this process last applied. */
  private applied = new Map<string, string>()
  private incarnation: string | undefined

  constructor(
    private readonly db: Database,
    private readonly queues: Queues,
    private readonly holds: QueueHolds,
    private readonly pipeline: Pipeline,
    private readonly logger: Logger,
  ) {}

  /** Another process may have led since. */
  begin(): Promise<void> {
    this.applied.clear()
    this.incarnation = undefined
    return Promise.resolve()
  }

  async work(): Promise<void> {
    await this.watchStore()
    await this.applyHolds()
  }

  private async watchStore(): Promise<void> {
    const present = await this.queues.incarnation()
    if (present === this.incarnation) return
    const [known] = await this.db.query<{ incarnation: string }>(`SELECT incarnation FROM queue_stores`)
    if (known?.incarnation !== present) await this.adopt(present)
    this.incarnation = present
    this.applied.clear()
  }

  /** Jobs that are still there keep their place: their ids are known. `ready_at` stays, and with it the order. */
  private async adopt(incarnation: string): Promise<void> {
    const again = await this.db.transaction(
      async (tx) => {
        const rows = await tx.query(readyAgain(`true`))
        await tx.query(
          `INSERT INTO queue_stores (id, incarnation) VALUES (1, $1)
           ON CONFLICT (id) DO UPDATE SET incarnation = EXCLUDED.incarnation, seen_at = now()`,
          [incarnation],
        )
        return rows.length
      },
      { durable: false },
    )
    if (again > 0) this.logger.warn({ stages: again }, 'the store of the queues has changed; jobs are added again')
  }

  private async applyHolds(): Promise<void> {
    const holds = new Map((await this.holds.all()).map(({ queue, state }) => [queue, state]))
    for (const queue of new Set(this.pipeline.map(({ job }) => job.queue))) {
      const wanted = holds.get(queue) ?? 'running'
      if (wanted === this.applied.get(queue)) continue
      await this.queues.hold(queue, wanted !== 'running')
      if (wanted === 'drained') await this.takeBack(queue)
      this.applied.set(queue, wanted)
    }
  }

  /** Empties a queue; its stages are ready again, and stay so until it is resumed. */
  private async takeBack(queue: string): Promise<void> {
    await this.queues.empty(queue)
    const stages = this.pipeline.filter(({ job }) => job.queue === queue).map(({ stage }) => stage)
    await this.db.query(readyAgain(`stage = ANY($1::text[])`), [stages])
  }
}

/** A row that somebody holds is being begun at this moment, and needs nothing. */
const readyAgain = (which: string): string =>
  `WITH queued AS (
     SELECT content_id, stage FROM stages WHERE state = 'queued' AND ${which}
     ORDER BY content_id, stage FOR UPDATE SKIP LOCKED)
   UPDATE stages s SET state = 'ready' FROM queued q WHERE s.content_id = q.content_id AND s.stage = q.stage RETURNING 1`
