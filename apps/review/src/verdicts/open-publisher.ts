import type { Runtime } from '@reeltag/pipeline'
import { Leader, type Database, type Logger } from '@reeltag/platform'
import { fileSome } from '../queues/filing.js'
import { publishVerdict, type PublishParts } from './publish-verdict.js'
import type { VerdictRow } from './verdict-row.js'

// Arbitrary, fixed for ever: the same number must mean the same lock in every version.
const publisherLock = 7_242_004
const batchMax = 200
/** Somebody has the content, or it is being tagged: its verdict has another try after so long. */
const busyMs = 1_000
/** What failed is not tried at once again: it would keep the others waiting. */
const failedMs = 30_000

/** Publishes verdicts whose grace is over. Each has a transaction of its own, so that none waits for another. */
export class VerdictPublisher {
  constructor(
    private readonly db: Database,
    private readonly parts: PublishParts,
    private readonly logger: Pick<Logger, 'error'>,
    private readonly onPublished: (state: string) => void = () => undefined,
  ) {}

  async work(): Promise<void> {
    for (let due = batchMax; due === batchMax;) {
      const verdicts = await this.db.query<Pick<VerdictRow, 'workspace_id' | 'id' | 'content_id'>>(
        `SELECT workspace_id, id, content_id FROM review_verdicts WHERE state = 'waiting' AND publishes_at <= now()
         ORDER BY publishes_at LIMIT ${batchMax}`,
      )
      for (const verdict of verdicts) await this.publish(verdict)
      due = verdicts.length
    }
  }

  private async publish(due: Pick<VerdictRow, 'workspace_id' | 'id' | 'content_id'>): Promise<void> {
    try {
      const state = await this.db.transaction((tx) => publishVerdict(tx, this.parts, due), { durable: true })
      if (state === 'busy') await this.postpone(due, busyMs)
      else this.onPublished(state)
    } catch (err) {
      this.logger.error({ err, verdict: due.id }, 'a verdict cannot be published; it is tried again')
      await this.postpone(due, failedMs)
    }
  }

  private async postpone({ workspace_id, id }: Pick<VerdictRow, 'workspace_id' | 'id'>, ms: number): Promise<void> {
    await this.db.query(
      `UPDATE review_verdicts SET publishes_at = now() + $3 * interval '1 millisecond'
       WHERE workspace_id = $1 AND id = $2 AND state = 'waiting'`,
      [workspace_id, id, ms],
    )
  }
}

/** Publishes again and again, and files items anew, in the one process that leads. */
export const openPublisher = (
  { db, connectionString, logger, metrics, outbox }: Runtime,
  parts: Omit<PublishParts, 'outbox'>,
): { close(): Promise<void> } => {
  const published = metrics.counter(
    'reeltag_review_verdicts_total',
    'Verdicts whose grace is over, by what came of them',
    ['state'],
  )
  const publisher = new VerdictPublisher(db, { ...parts, outbox }, logger, (state) => published.inc({ state }))
  const work = async (): Promise<void> => {
    await publisher.work()
    await fileSome(db)
  }
  const leader = new Leader({ connectionString, lockKey: publisherLock, logger, work })
  leader.start()
  return { close: () => leader.stop() }
}
