import { assertAmount, assertShare } from '../bounds/checks.js'

export interface RapsOptions {
  /** Penalty of each rank beyond `rankFree`, default 0.01. */
  readonly penalty?: number
  /** Ranks without a penalty, default 5. */
  readonly rankFree?: number
}

/**
 * Scores of all classes for one item, in the order of `probabilities` (RAPS, Angelopoulos et al. 2020, section 2.2):
 * the probability of all classes above + unit · own probability + penalty · max(0, rank - rankFree), the first rank
 * being 1. The score grows with the rank.
 * @param unit random number of the item, in [0, 1). Stored with the item, so that a set is the same whenever it is shown.
 * @throws DECISION_INPUT_INVALID
 */
export const rapsScores = (
  probabilities: ArrayLike<number>,
  unit: number,
  { penalty = 0.01, rankFree = 5 }: RapsOptions = {},
): number[] => {
  assertShare('unit', unit)
  assertAmount('penalty', penalty)
  const values = Array.from(probabilities)
  for (const probability of values) assertShare('probability', probability)
  // Sorting is stable: of equals the first class ranks first.
  const order = values.map((_, index) => index).sort((a, b) => at(values, b) - at(values, a))
  const scores = Array.from<number>({ length: values.length })
  let above = 0
  for (const [rank, index] of order.entries()) {
    scores[index] = above + unit * at(values, index) + penalty * Math.max(0, rank + 1 - rankFree)
    above += at(values, index)
  }
  return scores
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0
