import { ReeltagError, type PolicyDocument, type PolicyReplay } from '@reeltag/contracts'
import { Replaying, type FacetToDecide } from '@reeltag/decisions'
import { PredictionScores } from '@reeltag/pipeline'
import type { Database } from '@reeltag/platform'
import { setImmediate } from 'node:timers/promises'
import { ofTree, readLabels, truthOf } from '../labels/truth-of.js'

export interface ReplayTask {
  readonly workspaceId: string
  readonly document: PolicyDocument
  readonly before: readonly FacetToDecide[]
  readonly after: readonly FacetToDecide[]
  readonly minutesPerReview: number
  /** The tree of the pack: labels of another one say nothing here. */
  readonly taxonomy: string
  /** Told after every batch. */
  readonly progress?: (replayed: number, total: number) => void
}

const batchSize = 2_000

/**
 * Decides the visible results of a pack again from their stored scores, by the policy in force and by another one. In batches,
 * so that a million results need no more memory than a few thousand.
 * @throws POLICY_NOTHING_TO_REPLAY where no scores of the pack are kept
 */
export const replayPolicy = async (db: Database, task: ReplayTask): Promise<PolicyReplay> => {
  const { workspaceId, document, before, after, minutesPerReview, taxonomy, progress } = task
  const scores = new PredictionScores(db)
  const { kept, missing } = await scores.count(workspaceId, document.pack)
  if (kept === 0)
    throw new ReeltagError(
      'POLICY_NOTHING_TO_REPLAY',
      `no scores of ${document.pack} are kept; ${missing} results have none`,
    )
  const replaying = new Replaying(before, after, { minutesPerReview })
  const read = (last?: string) =>
    scores.readVisible(workspaceId, { pack: document.pack, facets: replaying.needs, after: last, limit: batchSize })
  let replayed = 0
  for (let next = read(); ;) {
    const batch = await next
    const isLast = batch.length < batchSize
    if (!isLast) {
      // Postgres reads the next batch while this one is decided. Whoever awaits it gets its error.
      next = read(batch.at(-1)?.predictionId)
      next.catch(() => undefined)
    }
    const contentIds = batch.map(({ contentId }) => contentId)
    const labels = await readLabels(db, contentIds)
    for (const { contentId, mask, logits } of batch) {
      const known = ofTree(labels.get(contentId) ?? [], taxonomy)
      replaying.add({ contentId, mask, logits, ...(known.length === 0 ? {} : { truth: truthOf(known) }) })
    }
    replayed += batch.length
    progress?.(replayed, kept)
    if (isLast) break
    // Requests of others are answered between two batches.
    await setImmediate()
  }
  return replaying.summary(missing)
}
