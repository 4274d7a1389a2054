import type { Versions } from '@reeltag/contracts'
import { Outbox, type SubjectEvent } from '@reeltag/events'
import { predictionEvents, PredictionsRepository, type KeptScores, type ResultBefore } from '@reeltag/pipeline'
import { newId, type Transaction } from '@reeltag/platform'
import type { Decided } from '@reeltag/decisions'
import type { PastContent } from './past-contents.js'

/** What takes the place of a content's visible result. */
export interface NewResult {
  readonly content: PastContent
  readonly scores: KeptScores
  readonly decided: Decided
  /** `name/number`; undefined: the pack. */
  readonly policy: string | undefined
}

const source = '/reeltag/redecide'
const predictions = new PredictionsRepository()
const outbox = new Outbox()

/**
 * Makes these results the visible ones, each with a revision, a prediction, scores and events of its own.
 * @returns the contents that somebody has or has changed since they were read; nothing was written of them
 */
export const publishResults = async (
  tx: Transaction,
  workspaceId: string,
  results: readonly NewResult[],
): Promise<string[]> => {
  if (results.length === 0) return []
  const held = await hold(tx, results)
  const ours = results.filter(({ content }) => held.has(content.id)).map((result) => ({ ...result, id: newId() }))
  await predictions.insert(
    tx,
    ours.map(({ id, content, scores, decided, policy }) => ({
      id,
      contentId: content.id,
      workspaceId,
      revision: content.revision + 1,
      modalities: content.modalities,
      versions: versionsBy(content, policy),
      inputHash: content.input_hash,
      attempt: null,
      scores,
      mask: content.mask ?? '',
      ...decided,
    })),
  )
  await tx.query(
    // A content whose last run failed stays failed: only its visible result is decided anew.
    `UPDATE contents c SET revision = c.revision + 1, updated_at = now(),
       state = CASE c.state WHEN 'failed' THEN c.state ELSE d.state END
     FROM unnest($1::uuid[], $2::text[]) AS d(id, state) WHERE c.id = d.id`,
    [
      ours.map(({ content }) => content.id),
      ours.map(({ decided }) => (decided.decision === 'published' ? 'published' : 'in_review')),
    ],
  )
  await outbox.publish(
    tx,
    ours.flatMap((result) => eventsOf(workspaceId, result)),
  )
  return results.filter(({ content }) => !held.has(content.id)).map(({ content }) => content.id)
}

/** Whoever has one already is not waited for. */
const hold = async (tx: Transaction, results: readonly NewResult[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.query<{ id: string }>(
    `SELECT c.id FROM contents c JOIN unnest($1::uuid[], $2::int[]) AS d(id, revision) ON d.id = c.id
     WHERE c.state <> 'processing' AND c.revision = d.revision ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED`,
    [results.map(({ content }) => content.id), results.map(({ content }) => content.revision)],
  )
  return new Set(rows.map(({ id }) => id))
}

const versionsBy = ({ versions }: PastContent, policy: string | undefined): Versions => ({ ...versions, policy })

const eventsOf = (
  workspaceId: string,
  { id, content, decided, policy }: NewResult & { readonly id: string },
): SubjectEvent[] => {
  const [contentId, revision] = [content.id, content.revision + 1]
  const before: ResultBefore = {
    revision: content.revision,
    published: content.tags.some(({ status }) => status === 'published'),
    ...(content.prediction_id === null ? {} : { predictionId: content.prediction_id }),
  }
  const result = { contentId, predictionId: id, revision, versions: versionsBy(content, policy), ...decided }
  const subject = { source, workspaceId, contentId, revision, traceparent: null }
  return predictionEvents(result, before).map((event) => ({ ...event, ...subject }))
}
