import {
  contentSubmittedV1,
  joinText,
  ReeltagError,
  readyStages,
  type JobDefinition,
  type Modality,
  type Pipeline,
  type SubmitContent,
} from '@reeltag/contracts'
import type { Database, Transaction } from '@reeltag/platform'
import type { Outbox } from '../events/outbox.js'
import { outgoing } from '../events/outgoing-event.js'
import { advance, insertReady } from './advance.js'
import { CompletionGroup } from './completion-group.js'
import { failStage } from './fail-stage.js'
import { finishStages } from './finish-stages.js'
import type { NewContent, StageCompletion, StageKey, StageTask } from './stage-task.js'

interface BegunRow {
  workspace_id: string
  pack: string
  submission: SubmitContent
  video_sha256: string | null
  video_bytes: string | null
  input_hash: string
  traceparent: string | null
  outputs: Record<string, unknown> | null
}

/** What `begin` knows of a task; the worker adds the signal and the logger. */
export type BegunTask = Omit<StageTask, 'signal' | 'logger'>

/** The way of a content through the pipeline, in Postgres. Queues only carry hints to what stands here. */
export class StageStore {
  private readonly group: CompletionGroup

  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly pipeline: Pipeline,
  ) {
    this.group = new CompletionGroup((finishes, options) =>
      this.db.transaction((tx) => finishStages(tx, { pipeline, outbox }, finishes), options),
    )
  }

  /** Takes a content in: its row, its root stages and content.submitted.v1, in the caller's transaction. */
  async accept(tx: Transaction, content: NewContent): Promise<void> {
    const modalities = modalitiesOf(content)
    await tx.query(
      `INSERT INTO contents (id, workspace_id, external_id, state, pack, submission, video_sha256, video_bytes,
                             modalities, input_hash, traceparent)
       VALUES ($1, $2, $3, 'processing', $4, $5::jsonb, $6, $7, $8::text[], $9, $10)`,
      [
        content.id,
        content.workspaceId,
        content.externalId,
        content.pack,
        JSON.stringify(content.submission),
        content.video?.sha256 ?? null,
        content.video?.bytes ?? null,
        modalities,
        content.inputHash,
        content.traceparent,
      ],
    )
    const none = new Set<string>()
    const roots = readyStages(this.pipeline, new Set(modalities), { all: none, done: none })
    await insertReady(
      tx,
      roots.map(({ stage }) => ({ contentId: content.id, stage })),
    )
    const event = outgoing(contentSubmittedV1, {
      contentId: content.id,
      externalId: content.externalId,
      hasVideo: modalities.includes('video'),
      hasText: modalities.includes('text'),
    })
    const { workspaceId, traceparent } = content
    await this.outbox.publish(tx, [
      { ...event, source: '/reeltag/gateway', workspaceId, contentId: content.id, revision: 0, traceparent },
    ])
  }

  /** Claims an attempt for a worker. @returns undefined where it is no longer wanted: done, superseded, or failed. */
  async begin(key: StageKey, leaseSeconds: number): Promise<BegunTask | undefined> {
    const [row] = await this.db.query<BegunRow>(
      `WITH begun AS (
         UPDATE stages s SET state = 'running', started_at = now(), lease_until = now() + $4 * interval '1 second'
         FROM contents c
         WHERE s.content_id = $1 AND s.stage = $2 AND s.attempt = $3 AND s.state IN ('ready', 'queued')
           AND c.id = s.content_id AND c.state = 'processing'
         RETURNING s.content_id)
       SELECT c.workspace_id, c.pack, c.submission, c.video_sha256, c.video_bytes, c.input_hash, c.traceparent,
         (SELECT jsonb_object_agg(d.stage, d.output) FROM stages d WHERE d.content_id = c.id AND d.state = 'done') AS outputs
       FROM contents c JOIN begun b ON b.content_id = c.id`,
      [key.contentId, key.stage, key.attempt, leaseSeconds],
    )
    if (row === undefined) return undefined
    const { contentId, stage, attempt } = key
    return {
      contentId,
      stage,
      attempt,
      workspaceId: row.workspace_id,
      pack: row.pack,
      submission: row.submission,
      video: row.video_sha256 === null ? null : { sha256: row.video_sha256, bytes: Number(row.video_bytes) },
      inputHash: row.input_hash,
      traceparent: row.traceparent,
      outputs: row.outputs ?? {},
    }
  }

  /** Finishes a stage. @returns false where the attempt had been superseded; nothing was written then. */
  async complete(task: StageTask, completion: StageCompletion): Promise<boolean> {
    return this.group.finish({ task, completion })
  }

  /** Ends an attempt that failed. @returns true where the content has failed with it. */
  async fail(task: StageTask, definition: JobDefinition, error: ReeltagError): Promise<boolean> {
    return this.db.transaction((tx) => failStage(tx, this.outbox, task, definition, error), { durable: true })
  }

  /** Renews leases. @returns the keys that are still held; the others were taken away. */
  async renew(held: readonly (StageKey & { readonly leaseSeconds: number })[]): Promise<StageKey[]> {
    if (held.length === 0) return []
    const rows = await this.db.query<{ content_id: string; stage: string; attempt: number }>(
      `UPDATE stages s SET lease_until = now() + d.seconds * interval '1 second'
       FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) AS d(content_id, stage, attempt, seconds)
       WHERE s.content_id = d.content_id AND s.stage = d.stage AND s.attempt = d.attempt AND s.state = 'running'
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
   * Takes back every attempt at once, without waiting for leases. Only for a process that is alone with its database:
   * elsewhere somebody may be working on them.
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
        await tx.query(`UPDATE contents SET state = 'processing', pack = $2, updated_at = now() WHERE id = $1`, [
          contentId,
          pack,
        ])
        await tx.query(
          `UPDATE stages SET state = 'waiting', attempt = attempt + 1, failures = 0, lapses = 0, output = NULL,
             queued_at = NULL, started_at = NULL, finished_at = NULL, error_code = NULL, error_detail = NULL
           WHERE content_id = $1`,
          [contentId],
        )
        await advance(tx, this.pipeline, [contentId])
      },
      { durable: true },
    )
  }
}

export const modalitiesOf = ({ video, submission }: Pick<NewContent, 'video' | 'submission'>): Modality[] => [
  ...(video === null ? [] : (['video'] as const)),
  ...(joinText(submission) === '' ? [] : (['text'] as const)),
]
