import type { Pipeline } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import type { QueuedStage, Queues } from '../queues/queues.js'

const batchMax = 256

interface ReadyRow {
  content_id: string
  stage: string
  attempt: number
  priority: number
}

/**
 * Turns ready stages into queue jobs. Adding comes before marking: a crash in between adds the same job id again,
 * which the queue ignores or the fence stops, while the other order could lose it until the reaper looks.
 */
export class JobRelay {
  constructor(
    private readonly db: Database,
    private readonly queues: Queues,
    private readonly pipeline: Pipeline,
  ) {}

  async work(): Promise<void> {
    for (;;) {
      const ready = await this.db.query<ReadyRow>(
        `SELECT content_id, stage, attempt, priority FROM stages WHERE state = 'ready' AND ready_at <= now()
           AND stage IN (SELECT d.stage FROM unnest($1::text[], $2::text[]) AS d(stage, queue)
                         WHERE NOT EXISTS (SELECT 1 FROM queue_holds h WHERE h.queue = d.queue))
         ORDER BY priority, ready_at LIMIT ${batchMax}`,
        [this.pipeline.map(({ stage }) => stage), this.pipeline.map(({ job }) => job.queue)],
      )
      if (ready.length === 0) return
      await this.enqueue(ready.map(({ content_id, ...row }) => ({ contentId: content_id, ...row })))
      if (ready.length < batchMax) return
    }
  }

  private async enqueue(keys: readonly QueuedStage[]): Promise<void> {
    for (const { stage, job } of this.pipeline) {
      const mine = keys.filter((key) => key.stage === stage)
      if (mine.length > 0) await this.queues.add(job, mine)
    }
    // A row that somebody holds is being begun by a quick worker: it needs no mark, and waiting for it could deadlock.
    await this.db.query(
      `WITH added AS (
         SELECT s.content_id, s.stage
         FROM unnest($1::uuid[], $2::text[], $3::int[]) AS d(content_id, stage, attempt)
           JOIN stages s ON s.content_id = d.content_id AND s.stage = d.stage AND s.attempt = d.attempt
         WHERE s.state = 'ready' FOR UPDATE OF s SKIP LOCKED)
       UPDATE stages s SET state = 'queued', queued_at = now()
       FROM added a WHERE s.content_id = a.content_id AND s.stage = a.stage`,
      [keys.map(({ contentId }) => contentId), keys.map(({ stage }) => stage), keys.map(({ attempt }) => attempt)],
    )
  }
}
