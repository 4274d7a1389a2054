import { assertAmount, assertInside, assertShare } from '../bounds/checks.js'

// (n + 1)·alpha is rounded: 10·0.1 must not count as less than 1.
const roundingSlack = 1e-9

/**
 * Conformal risk control (Angelopoulos et al. 2022, theorem 1): the expected loss of the next item is at most alpha where
 * n/(n+1)·R + B/(n+1) <= alpha, for a loss that never grows as the rule gets more careful, and is at most B.
 * It bounds an expectation, not a probability, and it is no test of selective error, which is not monotone.
 * @param meanLoss R, mean over n calibration items
 * @param lossMax B, default 1
 */
export const isRiskControlled = (meanLoss: number, n: number, alpha: number, lossMax = 1): boolean => {
  assertAmount('meanLoss', meanLoss)
  assertAmount('n', n)
  assertAmount('lossMax', lossMax)
  assertInside('alpha', alpha)
  return n * meanLoss + lossMax <= alpha * (n + 1) + roundingSlack
}

/** From the score `at`, a person has to look: at most a share alpha of what must not be missed is below it. */
export type MissControl =
  | {
      readonly kind: 'controlled'
      readonly at: number
      readonly n: number
      readonly missed: number
      readonly alpha: number
    }
  | {
      readonly kind: 'refused'
      readonly n: number
      readonly needed: number
      readonly alpha: number
      readonly message: string
    }

/**
 * The highest threshold for a tag that must not be missed (unsafe content): the loss is a miss, an item of that tag with a
 * score below the threshold.
 * @param scores scores of the tag on items that truly have it, 0..1
 * @param alpha expected share of misses, inside 0..1
 * @returns the threshold, or the number of such items that would do
 * @throws DECISION_INPUT_INVALID
 */
export const controlMisses = (scores: readonly number[], alpha: number): MissControl => {
  for (const score of scores) assertShare('score', score)
  assertInside('alpha', alpha)
  const n = scores.length
  const allowed = Math.floor(alpha * (n + 1) - 1 + roundingSlack)
  const at = scores.toSorted((a, b) => a - b)[allowed]
  if (at !== undefined) {
    const missed = scores.filter((score) => score < at).length
    return { kind: 'controlled', at, n, missed, alpha }
  }
  const needed = Math.ceil(1 / alpha - 1 - roundingSlack)
  return {
    kind: 'refused',
    n,
    needed,
    alpha,
    message: `needs ${needed} items that truly have the tag; you have ${n}`,
  }
}
