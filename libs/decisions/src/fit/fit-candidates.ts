import type { Publish } from '@reeltag/contracts'
import { fitMondrian, type Mondrian, type TrueScore } from '../conformal/mondrian.js'
import { scoresNeeded } from '../conformal/quantile.js'
import { rapsScores } from '../conformal/raps.js'
import type { LabelTree, Nested } from '../label-tree.js'
import type { TreeShape } from '../compiled-tree.js'
import { choose } from '../policies/decide.js'
import type { Scores } from '../policies/strategy.js'
import { seededRandom } from '../scale/seeded-random.js'

/** A content of the proof. */
export interface CandidateRow {
  readonly contentHash: string
  readonly scores: Scores
  /** Ids of the true nodes. */
  readonly truth: readonly string[]
}

/** A class stands alone from here on: a quantile of n scores covers up to 1 / (n + 1) more than is asked. */
const scoresMin = 100

/**
 * Quantiles for the candidates of one single facet and mask. Fitted on the contents that the policy does not publish as a
 * leaf, since only those are shown with candidates: on all contents the promise would be kept by the sure ones, and
 * broken for those that somebody sees. Contents whose truth is not exactly one leaf are left out.
 * @returns undefined where there are too few
 */
export const fitCandidates = <N extends Nested<N>>(
  labelTree: LabelTree<N>,
  tree: TreeShape,
  rows: readonly CandidateRow[],
  { publish, alpha }: { readonly publish: Publish; readonly alpha: number },
): Mondrian | undefined => {
  const places = new Map([...tree.leaves].map((leaf, place) => [tree.ids[leaf] ?? '', place]))
  const found = rows.flatMap(({ contentHash, scores, truth: [label, ...more] }): TrueScore[] => {
    const place = label === undefined || more.length > 0 ? undefined : places.get(label)
    if (label === undefined || place === undefined) return []
    if (choose(tree, scores, publish).decision === 'published') return []
    const likely = Array.from(tree.leaves, (leaf) => scores.probabilities[leaf] ?? 0)
    return [{ label, score: rapsScores(likely, unitOfProof(contentHash))[place] ?? 0 }]
  })
  if (found.length < scoresNeeded(alpha)) return undefined
  return fitMondrian(labelTree, found, { alpha, scoresMin, everyClass: true })
}

/** The random number of a content of the proof: from its hash, and not by the key that new contents are drawn by. */
const unitOfProof = (contentHash: string): number => {
  const [head, tail] = [contentHash.slice(0, 8), contentHash.slice(8, 16)].map((hex) => Number.parseInt(hex, 16) || 0)
  return seededRandom((Math.imul(head ?? 0, 0x9e3779b1) ^ (tail ?? 0)) >>> 0)()
}
