import { ReeltagError, type JobDefinition, type Pipeline } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import type { Outbox } from '@reeltag/events'
import { acceptContents, type Acceptance } from './accept-contents.js'
import { beginStages, type BegunTask, type Claim } from './begin-stages.js'
import { CommitGroup } from '@reeltag/platform'
import { failStage } from './fail-stage.js'
import { handBack } from './hand-back.js'
import { finishStages, type Finish } from './finish-stages.js'
import { restartContents } from './restart-contents.js'
import type { FinishedStage, NewContent, StageKey, StageTask } from './stage-task.js'

/**
 * The progress of each content through the pipeline, in Postgres. Queues only refer to what is stored here.
 * Simultaneous calls share a transaction.
 */
export class StageStore {
  private readonly acceptances: CommitGroup<Acceptance, boolean>
  private readonly claims: CommitGroup<Claim, BegunTask | undefined>
  private readonly finishes: CommitGroup<Finish, boolean>

  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly pipeline: Pipeline,
  ) {
    this.acceptances = new CommitGroup((acceptances) =>
      db.transaction((tx) => acceptContents(tx, { pipeline, outbox }, acceptances), { durable: true }),
    )
    this.claims = new CommitGroup((claims) => beginStages(db, claims))
    this.finishes = new CommitGroup((finishes) =>
      db.transaction((tx) => finishStages(tx, { pipeline, outbox }, finishes), {
        durable: finishes.some(({ finished }) => finished.durable === true),
      }),
    )
  }

  /**
   * Accepts a content: its row, its root stages, content.submitted.v1 and its recordings. It survives a power cut once
   * this resolves.
   * @returns false where its externalId is taken; nothing was written then
   */
  async accept(content: NewContent, records: Acceptance['records'] = []): Promise<boolean> {
    return this.acceptances.join({ content, records })
  }

  /** Claims an attempt for a worker. @returns undefined if it is done, superseded or failed. */
  async begin(key: StageKey, leaseSeconds: number): Promise<BegunTask | undefined> {
    return this.claims.join({ ...key, leaseSeconds })
  }

  /** Finishes a stage. @returns false where the attempt had been superseded; nothing was written then. */
  async finish(task: StageTask, finished: FinishedStage): Promise<boolean> {
    return this.finishes.join({ task, finished })
  }

  /** Ends an attempt that failed. @returns true where the content has failed with it. */
  async fail(task: StageTask, definition: JobDefinition, error: ReeltagError): Promise<boolean> {
    return this.db.transaction((tx) => failStage(tx, this.outbox, task, definition, error), { durable: true })
  }

  /** Gives attempts back that this process will not finish. */
  handBack(keys: readonly StageKey[]): Promise<void> {
    return handBack(this.db, keys)
  }

  /** Renews leases. @returns the keys that are still held; the others were taken away. */
  async renew(held: readonly (StageKey & { readonly leaseSeconds: number })[]): Promise<StageKey[]> {
    if (held.length === 0) return []
    const rows = await this.db.query<{ content_id: string; stage: string; attempt: number }>(
      `WITH held AS (
         SELECT s.content_id, s.stage, d.seconds
         FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) AS d(content_id, stage, attempt, seconds)
           JOIN stages s ON s.content_id = d.content_id AND s.stage = d.stage AND s.attempt = d.attempt
         WHERE s.state = 'running'
         ORDER BY s.content_id, s.stage FOR UPDATE OF s)
       UPDATE stages s SET lease_until = now() + h.seconds * interval '1 second'
       FROM held h WHERE s.content_id = h.content_id AND s.stage = h.stage
       RETURNING s.content_id, s.stage, s.attempt`,
      [
        held.map(({ contentId }) => contentId),
        held.map(({ stage }) => stage),
        held.map(({ attempt }) => attempt),
        held.map(({ leaseSeconds }) => leaseSeconds),
      ],
    )
    return rows.map(({ content_id, stage, attempt }) => ({ contentId: content_id, stage, attempt }))
  }

  /**
   * Makes all running attempts ready again without waiting for their leases. Only for a process that has the database
   * to itself, since others may be working on them.
   */
  async reclaimAll(): Promise<void> {
    await this.db.query(
      `UPDATE stages SET attempt = attempt + 1, lapses = lapses + (state = 'running')::int, state = 'ready',
         ready_at = now(), lease_until = NULL
       WHERE state IN ('queued', 'running')`,
    )
  }

  /**
   * Sends a concluded content through the pipeline again, with another pack or the same. Frames and embeddings that
   * exist are found in their ledgers, so only what the pack changes is computed.
   */
  async restart(contentId: string, { pack }: { pack: string }): Promise<void> {
    await this.db.transaction(
      async (tx) => {
        const [content] = await tx.query<{ state: string }>(`SELECT state FROM contents WHERE id = $1 FOR UPDATE`, [
          contentId,
        ])
        if (content === undefined) throw new ReeltagError('NOT_FOUND', `content ${contentId} does not exist`)
        if (content.state === 'processing')
          throw new ReeltagError('CONTENT_BUSY', `content ${contentId} is being tagged`)
        await restartContents(tx, this.pipeline, [contentId], { pack, priority: 'interactive' })
      },
      { durable: true },
    )
  }
}
