import type { Database, Transaction } from '@reeltag/platform'

/** The queue of every item that no other one wants; asked for, it is all of them. */
export const allQueue = 'all'
/** What reviewers have handed on to a lead. */
export const escalatedQueue = 'escalated'

const batchMax = 2_000

/** SQL: the first queue that wants the item `r` of the content `c`. */
export const queueOfItem = `coalesce((
  SELECT q.name FROM review_queues q
  WHERE q.workspace_id = r.workspace_id AND q.name NOT IN ('${allQueue}', '${escalatedQueue}')
    AND (q.rule->>'language' IS NULL OR q.rule->>'language' = coalesce(c.submission->>'language', 'zh'))
    AND (q.rule->>'priority' IS NULL OR (q.rule->>'priority' = 'backfill') = (r.priority > 0))
    AND (q.rule->>'sensitive' IS NULL
      OR (q.rule->>'sensitive')::boolean = coalesce(r.rules @> '[{"rule": "sensitive-node"}]', false))
    AND (q.rule->>'facet' IS NULL OR EXISTS (
      SELECT 1 FROM jsonb_array_elements(coalesce(r.likeliest, r.tags)) t
      WHERE t->>'facet' = q.rule->>'facet' AND (q.rule->>'under' IS NULL OR t->>'path' = q.rule->>'under'
        OR starts_with(t->>'path', (q.rule->>'under') || '/'))))
  ORDER BY q.created_at, q.name LIMIT 1), '${allQueue}')`

/** From now on every open item of the workspace is to be looked at again. */
export const fileAnew = (tx: Transaction, workspaceId: string): Promise<unknown> =>
  tx.query(
    `INSERT INTO review_filings (workspace_id) VALUES ($1) ON CONFLICT (workspace_id) DO UPDATE SET cursor_id = NULL`,
    [workspaceId],
  )

/** Files open items whose queues have changed, a batch of each workspace. @returns whether there is more to do */
export const fileSome = async (db: Database, workspaceId?: string): Promise<boolean> => {
  const waiting = await db.query<{ workspace_id: string }>(
    `SELECT workspace_id FROM review_filings WHERE $1::uuid IS NULL OR workspace_id = $1`,
    [workspaceId ?? null],
  )
  let more = false
  for (const { workspace_id } of waiting)
    more = (await db.transaction((tx) => fileBatch(tx, workspace_id), { durable: false })) || more
  return more
}

const fileBatch = async (tx: Transaction, workspaceId: string): Promise<boolean> => {
  const [filing] = await tx.query<{ cursor_id: string | null }>(
    `SELECT cursor_id FROM review_filings WHERE workspace_id = $1 FOR UPDATE SKIP LOCKED`,
    [workspaceId],
  )
  if (filing === undefined) return false
  const filed = await tx.query<{ id: string }>(
    `WITH batch AS MATERIALIZED (
       SELECT id FROM review_items WHERE workspace_id = $1 AND state = 'open' AND ($2::uuid IS NULL OR id > $2)
       ORDER BY id LIMIT ${batchMax} FOR UPDATE),
     wanted AS MATERIALIZED (
       SELECT r.id, ${queueOfItem} AS queue FROM batch b JOIN review_items r ON r.id = b.id
         JOIN contents c ON c.id = r.content_id WHERE r.queue <> '${escalatedQueue}'),
     moved AS (
       UPDATE review_items r SET queue = w.queue FROM wanted w WHERE r.id = w.id AND r.queue <> w.queue)
     SELECT id FROM batch ORDER BY id`,
    [workspaceId, filing.cursor_id],
  )
  if (filed.length < batchMax) await tx.query(`DELETE FROM review_filings WHERE workspace_id = $1`, [workspaceId])
  else
    await tx.query(`UPDATE review_filings SET cursor_id = $2 WHERE workspace_id = $1`, [workspaceId, filed.at(-1)?.id])
  return filed.length === batchMax
}
