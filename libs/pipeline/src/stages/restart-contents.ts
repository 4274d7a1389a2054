import type { Pipeline, Priority } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import { advance } from './advance.js'
import { rankOf } from './priority.js'

/**
 * Sends concluded contents through the pipeline again. Every stage gets a new attempt, so that whatever an old run
 * left behind is refused. The caller holds the contents' locks and has checked that none is being processed.
 */
export const restartContents = async (
  tx: Transaction,
  pipeline: Pipeline,
  contentIds: readonly string[],
  { pack, priority }: { readonly pack: string; readonly priority: Priority },
): Promise<void> => {
  if (contentIds.length === 0) return
  await tx.query(
    `UPDATE contents SET state = 'processing', pack = $2, priority = $3, error_code = NULL, error_detail = NULL,
       updated_at = now()
     WHERE id = ANY($1::uuid[])`,
    [contentIds, pack, rankOf(priority)],
  )
  await tx.query(
    `WITH known AS (
       SELECT content_id, stage FROM stages WHERE content_id = ANY($1::uuid[]) ORDER BY content_id, stage FOR UPDATE)
     UPDATE stages s SET state = 'waiting', attempt = s.attempt + 1, failures = 0, lapses = 0, output = NULL,
       queued_at = NULL, started_at = NULL, finished_at = NULL, lease_until = NULL, error_code = NULL, error_detail = NULL
     FROM known k WHERE s.content_id = k.content_id AND s.stage = k.stage`,
    [contentIds],
  )
  await advance(tx, pipeline, contentIds)
}
