import { assertInside } from '../bounds/checks.js'

// (n + 1)·(1 - alpha) is rounded: 10·0.9 must not count as more than 9.
const roundingSlack = 1e-9

/**
 * The ceil((n + 1)·(1 - alpha))-th smallest score: a new score is at most this with probability 1 - alpha (Vovk et al.
 * 2005). The plain empirical quantile, without n + 1, covers too little.
 * @returns Infinity where that rank exceeds n; it is finite from n >= 1/alpha - 1, which is 9 at alpha 0.1
 * @throws DECISION_INPUT_INVALID where alpha is not inside 0..1
 */
export const conformalQuantile = (scores: readonly number[], alpha: number): number => {
  assertInside('alpha', alpha)
  const rank = Math.ceil((scores.length + 1) * (1 - alpha) - roundingSlack)
  return scores.toSorted((a, b) => a - b)[rank - 1] ?? Infinity
}

/** The fewest scores from which the quantile is finite. */
export const scoresNeeded = (alpha: number): number => {
  assertInside('alpha', alpha)
  return Math.ceil(1 / alpha - 1 - roundingSlack)
}
