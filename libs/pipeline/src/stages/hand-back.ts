import type { Database } from '@reeltag/platform'
import type { StageKey } from './stage-task.js'

/**
 * Gives back attempts that a stopping worker will not finish, so that the next worker begins them at once instead of
 * waiting for the lease. This does not count as a failure. If the old attempt still finishes, it is refused.
 */
export const handBack = async (db: Pick<Database, 'query'>, keys: readonly StageKey[]): Promise<void> => {
  if (keys.length === 0) return
  await db.query(
    `WITH held AS (
       SELECT s.content_id, s.stage
       FROM unnest($1::uuid[], $2::text[], $3::int[]) AS d(content_id, stage, attempt)
         JOIN stages s ON s.content_id = d.content_id AND s.stage = d.stage AND s.attempt = d.attempt
       WHERE s.state = 'running'
       ORDER BY s.content_id, s.stage FOR UPDATE OF s)
     UPDATE stages s SET state = 'ready', attempt = s.attempt + 1, ready_at = now(), lease_until = NULL
     FROM held h WHERE s.content_id = h.content_id AND s.stage = h.stage`,
    [keys.map(({ contentId }) => contentId), keys.map(({ stage }) => stage), keys.map(({ attempt }) => attempt)],
  )
}
