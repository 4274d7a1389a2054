import { ReeltagError, type Pipeline } from '@reeltag/contracts'
import type { Database, Logger } from '@reeltag/platform'
import type { Outbox } from '@reeltag/events'
import { advance } from '../stages/advance.js'
import { failContent } from '../stages/fail-stage.js'

/** A content that lost its worker this often fails, because it probably killed them. */
const lapsesMax = 10
const queuedSecondsMax = 60
const idleSecondsMax = 30
const batchMax = 256

interface LapsedRow {
  content_id: string
  stage: string
  lapses: number
  workspace_id: string
  traceparent: string | null
  revision: number
}

/**
 * Puts right what crashes leave behind, from Postgres alone: attempts whose lease (by the database's clock) ran out,
 * jobs that a queue lost, and contents in which nothing moves although something should. Queues may be wiped.
 */
export class Reaper {
  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly pipeline: Pipeline,
    private readonly logger: Logger,
  ) {}

  async work(): Promise<void> {
    await this.reapLapsed()
    await this.requeueLost()
    await this.advanceIdle()
  }

  private async reapLapsed(): Promise<void> {
    // Of contents that are being tagged only: what a failed one left running would fill the batch for ever.
    const lapsed = await this.db.query<LapsedRow>(
      `UPDATE stages s SET state = 'ready', attempt = s.attempt + 1, lapses = s.lapses + 1, lease_until = NULL, ready_at = now()
       FROM contents c
       WHERE c.id = s.content_id AND (s.content_id, s.stage) IN (
         SELECT r.content_id, r.stage FROM stages r JOIN contents p ON p.id = r.content_id AND p.state = 'processing'
         WHERE r.state = 'running' AND r.lease_until < now()
         ORDER BY r.lease_until LIMIT ${batchMax} FOR UPDATE OF r SKIP LOCKED)
       RETURNING s.content_id, s.stage, s.lapses, c.workspace_id, c.traceparent, c.revision`,
    )
    for (const row of lapsed) {
      this.logger.warn(
        { contentId: row.content_id, stage: row.stage, lapses: row.lapses },
        'a lease expired; the stage is retried',
      )
      if (row.lapses >= lapsesMax) await this.giveUp(row)
    }
  }

  private async giveUp(row: LapsedRow): Promise<void> {
    const error = new ReeltagError('STAGE_EXHAUSTED', `${row.stage} lost its worker ${row.lapses} times`)
    const task = {
      contentId: row.content_id,
      stage: row.stage,
      workspaceId: row.workspace_id,
      traceparent: row.traceparent,
    }
    await this.db.transaction(
      async (tx) => {
        const [content] = await tx.query<{ state: string }>(`SELECT state FROM contents WHERE id = $1 FOR UPDATE`, [
          row.content_id,
        ])
        if (content?.state === 'processing') await failContent(tx, this.outbox, task, row.revision, error)
      },
      { durable: true },
    )
  }

  /** The job is added again under its old id: ignored where it still waits, back where it was lost. `ready_at` stays: it has waited since. */
  private async requeueLost(): Promise<void> {
    await this.db.query(
      `UPDATE stages SET state = 'ready' WHERE (content_id, stage) IN (
         SELECT s.content_id, s.stage FROM stages s JOIN contents c ON c.id = s.content_id AND c.state = 'processing'
         WHERE s.state = 'queued' AND s.queued_at < now() - ${queuedSecondsMax} * interval '1 second'
         ORDER BY s.queued_at LIMIT ${batchMax} FOR UPDATE OF s SKIP LOCKED)`,
    )
  }

  private async advanceIdle(): Promise<void> {
    await this.db.transaction(
      async (tx) => {
        const idle = await tx.query<{ id: string }>(
          `SELECT c.id FROM contents c
           WHERE c.state = 'processing' AND c.updated_at < now() - ${idleSecondsMax} * interval '1 second'
             AND NOT EXISTS (SELECT 1 FROM stages s WHERE s.content_id = c.id AND s.state IN ('ready', 'queued', 'running'))
           ORDER BY c.id LIMIT ${batchMax} FOR UPDATE SKIP LOCKED`,
        )
        const started = await advance(
          tx,
          this.pipeline,
          idle.map(({ id }) => id),
        )
        if (started > 0) this.logger.warn({ started }, 'stages were missing and have been made ready')
      },
      { durable: false },
    )
  }
}
