import { ReeltagError, type Pipeline } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'

/** `paused`: jobs wait where they are. `drained`: the queue is also empty, and its stages wait only in Postgres. */
export type QueueHoldState = 'paused' | 'drained'

export interface QueueHold {
  readonly queue: string
  readonly state: QueueHoldState
  readonly since: Date
}

/** Which queues are held. Postgres stores it, and the leading process applies it to the queues. */
export class QueueHolds {
  constructor(
    private readonly db: Database,
    private readonly pipeline: Pipeline,
  ) {}

  /** @throws NOT_FOUND where there is no such queue */
  async set(queue: string, state: QueueHoldState | 'running'): Promise<void> {
    if (!this.pipeline.some(({ job }) => job.queue === queue))
      throw new ReeltagError('NOT_FOUND', `there is no queue ${JSON.stringify(queue)}`)
    const statement =
      state === 'running'
        ? `DELETE FROM queue_holds WHERE queue = $1`
        : `INSERT INTO queue_holds (queue, state) VALUES ($1, '${state}')
           ON CONFLICT (queue) DO UPDATE SET state = EXCLUDED.state, since = now() WHERE queue_holds.state <> EXCLUDED.state`
    await this.db.transaction(
      async (tx) => {
        await tx.query(statement, [queue])
        await tx.query(`SELECT pg_notify('relay', '')`)
      },
      { durable: true },
    )
  }

  all(): Promise<QueueHold[]> {
    return this.db.query<QueueHold>(`SELECT queue, state, since FROM queue_holds`)
  }
}
