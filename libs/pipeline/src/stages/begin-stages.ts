import type { SubmitContent } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import type { StageKey, StageTask } from './stage-task.js'

/** An attempt that a worker wants, and for how long. */
export interface Claim extends StageKey {
  readonly leaseSeconds: number
}

/** What `begin` knows of a task; the worker adds the signal and the logger. */
export interface BegunTask extends Omit<StageTask, 'signal' | 'logger'> {
  /** From becoming ready to now, by the database's clock. */
  readonly waitedMs: number
}

interface BegunRow {
  content_id: string
  stage: string
  attempt: number
  workspace_id: string
  pack: string
  submission: SubmitContent
  video_sha256: string | null
  video_bytes: string | null
  input_hash: string
  traceparent: string | null
  outputs: Record<string, unknown> | null
  waited_ms: number
}

const nameOf = ({ contentId, stage, attempt }: StageKey): string => `${contentId} ${stage} ${attempt}`

/**
 * Claims attempts for workers, with one statement. Rows are locked in the order of their keys, so that groups cannot
 * deadlock on them.
 * @returns for each claim, undefined where the attempt is no longer wanted: begun, done, superseded, or failed
 */
export const beginStages = async (
  db: Pick<Database, 'query'>,
  claims: readonly Claim[],
): Promise<(BegunTask | undefined)[]> => {
  const rows = await db.query<BegunRow>(
    `WITH wanted AS (
       SELECT s.content_id, s.stage, d.seconds
       FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) AS d(content_id, stage, attempt, seconds)
         JOIN stages s ON s.content_id = d.content_id AND s.stage = d.stage AND s.attempt = d.attempt
       WHERE s.state IN ('ready', 'queued')
       ORDER BY s.content_id, s.stage FOR UPDATE OF s),
     begun AS (
       UPDATE stages s SET state = 'running', started_at = now(), lease_until = now() + w.seconds * interval '1 second'
       FROM wanted w JOIN contents c ON c.id = w.content_id
       WHERE s.content_id = w.content_id AND s.stage = w.stage AND c.state = 'processing'
       RETURNING s.content_id, s.stage, s.attempt, extract(epoch FROM now() - s.ready_at)::float8 * 1000 AS waited_ms)
     SELECT b.content_id, b.stage, b.attempt, b.waited_ms, c.workspace_id, c.pack, c.submission, c.video_sha256, c.video_bytes,
       c.input_hash, c.traceparent,
       (SELECT jsonb_object_agg(d.stage, d.output) FROM stages d WHERE d.content_id = c.id AND d.state = 'done') AS outputs
     FROM begun b JOIN contents c ON c.id = b.content_id`,
    [
      claims.map(({ contentId }) => contentId),
      claims.map(({ stage }) => stage),
      claims.map(({ attempt }) => attempt),
      claims.map(({ leaseSeconds }) => leaseSeconds),
    ],
  )
  const begun = new Map(rows.map((row) => [nameOf({ ...row, contentId: row.content_id }), toTask(row)]))
  return claims.map((claim) => {
    const name = nameOf(claim)
    const task = begun.get(name)
    // One group may contain a job twice. The first one gets the attempt.
    begun.delete(name)
    return task
  })
}

const toTask = (row: BegunRow): BegunTask => ({
  contentId: row.content_id,
  stage: row.stage,
  attempt: row.attempt,
  workspaceId: row.workspace_id,
  pack: row.pack,
  submission: row.submission,
  video: row.video_sha256 === null ? null : { sha256: row.video_sha256, bytes: Number(row.video_bytes) },
  inputHash: row.input_hash,
  traceparent: row.traceparent,
  outputs: row.outputs ?? {},
  waitedMs: row.waited_ms,
})
