import { stagesFor, type judgeShadow, type Modality, type Pipeline, type StageOutput } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import { writeRecordings, type Recording } from '../stages/recording.js'
import type { BegunTask } from '../stages/begin-stages.js'

/** A queue in which something has waited for so long is behind; shadows give way to it. */
const patienceMs = 250

export interface ShadowTask extends Omit<BegunTask, 'waitedMs'> {
  readonly modalities: readonly Modality[]
  /** How often this stage has been begun, this time included. */
  readonly tries: number
}

interface ClaimedRow {
  content_id: string
  pack: string
  stage: string
  attempt: number
  tries: number
  outputs: Record<string, unknown>
  workspace_id: string
  submission: BegunTask['submission']
  video_sha256: string | null
  video_bytes: string | null
  input_hash: string
  modalities: Modality[]
}

type Key = Pick<ShadowTask, 'contentId' | 'pack' | 'attempt'>

const isCurrent = `content_id = $1 AND pack = $2 AND attempt = $3 AND state = 'waiting'`

/**
 * The remaining tasks of shadows, in Postgres: taken one at a time, fenced by attempt, and taken again when a lease
 * expires.
 */
export class ShadowTasks {
  constructor(
    private readonly db: Database,
    private readonly pipeline: Pipeline,
  ) {}

  /**
   * Takes the next task of these stages, unless contents wait for their result: visible work goes first, also backfill.
   * A held queue also holds its shadows, and its waiting contents do not delay other shadows.
   */
  async take(stages: readonly string[], leaseSeconds: number): Promise<ShadowTask | undefined> {
    const [row] = await this.db.query<ClaimedRow>(
      `WITH open AS (
         SELECT d.stage FROM unnest($1::text[], $2::text[]) AS d(stage, queue)
         WHERE NOT EXISTS (SELECT 1 FROM queue_holds h WHERE h.queue = d.queue)),
       next AS (
         SELECT s.content_id, s.pack FROM shadow_predictions s
         WHERE s.state = 'waiting' AND s.due_at <= now() AND s.stage = ANY($3::text[])
           AND s.stage IN (SELECT stage FROM open)
           AND NOT EXISTS (SELECT 1 FROM stages v WHERE v.state IN ('ready', 'queued')
             AND v.ready_at < now() - ${patienceMs} * interval '1 millisecond' AND v.stage IN (SELECT stage FROM open))
         ORDER BY s.due_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
       UPDATE shadow_predictions s SET attempt = s.attempt + 1, tries = s.tries + 1, due_at = now() + $4 * interval '1 second'
       FROM next n JOIN contents c ON c.id = n.content_id WHERE s.content_id = n.content_id AND s.pack = n.pack
       RETURNING s.content_id, s.pack, s.stage, s.attempt, s.tries, s.outputs, c.workspace_id, c.submission,
         c.video_sha256, c.video_bytes, c.input_hash, c.modalities`,
      [this.pipeline.map(({ stage }) => stage), this.pipeline.map(({ job }) => job.queue), stages, leaseSeconds],
    )
    return row === undefined ? undefined : toTask(row)
  }

  /** @returns false where the attempt is no longer the current one, or the shadow has ended */
  async renew({ contentId, pack, attempt }: Key, leaseSeconds: number): Promise<boolean> {
    const rows = await this.db.query(
      `UPDATE shadow_predictions SET due_at = now() + $4 * interval '1 second' WHERE ${isCurrent} RETURNING 1`,
      [contentId, pack, attempt, leaseSeconds],
    )
    return rows.length > 0
  }

  /** Stores what a stage has made and makes the next one due; after the last one it is the prediction. */
  async finish(task: ShadowTask, output: unknown, record: Recording | undefined): Promise<void> {
    const way = stagesFor(this.pipeline, new Set(task.modalities))
    const next = way[way.findIndex(({ stage }) => stage === task.stage) + 1]?.stage
    await this.db.transaction(
      async (tx) => {
        const key = [task.contentId, task.pack, task.attempt]
        const { decision, tags, versions } = output as StageOutput<typeof judgeShadow>
        const rows =
          next === undefined
            ? await tx.query(
                `UPDATE shadow_predictions SET state = 'done', outputs = '{}', decision = $4, tags = $5, versions = $6,
                   error_code = NULL, error_detail = NULL WHERE ${isCurrent} RETURNING 1`,
                [...key, decision, JSON.stringify(tags), JSON.stringify(versions)],
              )
            : await tx.query(
                `UPDATE shadow_predictions SET stage = $4, outputs = outputs || $5::jsonb, tries = 0, due_at = now()
                 WHERE ${isCurrent} RETURNING 1`,
                [...key, next, JSON.stringify({ [task.stage]: output })],
              )
        if (rows.length > 0 && record !== undefined)
          await writeRecordings(tx, [{ record, at: { revision: 0, before: null } }])
      },
      { durable: false },
    )
  }

  /** Retries the task after a pause. @param counts false if the try does not count as a failure */
  async postpone(task: ShadowTask, pauseSeconds: number, { counts }: { readonly counts: boolean }): Promise<void> {
    await this.db.query(
      `UPDATE shadow_predictions SET due_at = now() + $4 * interval '1 second', tries = $5 WHERE ${isCurrent}`,
      [task.contentId, task.pack, task.attempt, pauseSeconds, counts ? task.tries : task.tries - 1],
    )
  }

  async fail(task: ShadowTask, error: { readonly code: string; readonly message: string }): Promise<void> {
    await this.db.query(
      `UPDATE shadow_predictions SET state = 'failed', outputs = '{}', error_code = $4, error_detail = $5
       WHERE ${isCurrent}`,
      [task.contentId, task.pack, task.attempt, error.code, error.message],
    )
  }
}

const toTask = (row: ClaimedRow): ShadowTask => ({
  contentId: row.content_id,
  pack: row.pack,
  stage: row.stage,
  attempt: row.attempt,
  tries: row.tries,
  outputs: row.outputs,
  workspaceId: row.workspace_id,
  submission: row.submission,
  video: row.video_sha256 === null ? null : { sha256: row.video_sha256, bytes: Number(row.video_bytes) },
  inputHash: row.input_hash,
  modalities: row.modalities,
  // Not part of the content's trace, which shows only what its visible result needed.
  traceparent: null,
})
