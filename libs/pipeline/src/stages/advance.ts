import { readyStages, type Modality, type Pipeline } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'

interface StageRow {
  content_id: string
  stage: string | null
  state: string | null
  priority: number
  modalities: Modality[]
}

/**
 * Makes ready the stages whose dependencies are now done. The caller holds the lock of every content (`SELECT … FOR
 * UPDATE`): without it, two stages that finish at once each see the other unfinished, and the join never starts.
 */
export const advance = async (tx: Transaction, pipeline: Pipeline, contentIds: readonly string[]): Promise<number> => {
  if (contentIds.length === 0) return 0
  const rows = await tx.query<StageRow>(
    `SELECT c.id AS content_id, c.modalities, c.priority, s.stage, s.state
     FROM contents c LEFT JOIN stages s ON s.content_id = c.id AND s.state <> 'waiting'
     WHERE c.id = ANY($1::uuid[]) AND c.state = 'processing'`,
    [contentIds],
  )
  const contents = new Map<string, StageRow[]>()
  for (const row of rows) contents.set(row.content_id, [...(contents.get(row.content_id) ?? []), row])
  const ready = [...contents].flatMap(([contentId, stages]) => {
    const modalities = new Set(stages[0]?.modalities ?? [])
    const all = new Set(stages.flatMap(({ stage }) => stage ?? []))
    const done = new Set(stages.flatMap(({ stage, state }) => (state === 'done' ? (stage ?? []) : [])))
    const priority = stages[0]?.priority ?? 0
    return readyStages(pipeline, modalities, { all, done }).map(({ stage }) => ({ contentId, stage, priority }))
  })
  await insertReady(tx, ready)
  return ready.length
}

/** A stage that waits after a restart keeps its raised attempt. */
export const insertReady = async (
  tx: Transaction,
  ready: readonly { readonly contentId: string; readonly stage: string; readonly priority: number }[],
): Promise<void> => {
  if (ready.length === 0) return
  await tx.query(
    `INSERT INTO stages (content_id, stage, state, priority)
     SELECT content_id, stage, 'ready', priority
     FROM unnest($1::uuid[], $2::text[], $3::smallint[]) AS d(content_id, stage, priority)
     ON CONFLICT (content_id, stage) DO UPDATE SET state = 'ready', ready_at = now(), priority = EXCLUDED.priority
     WHERE stages.state = 'waiting'`,
    [ready.map(({ contentId }) => contentId), ready.map(({ stage }) => stage), ready.map(({ priority }) => priority)],
  )
}
