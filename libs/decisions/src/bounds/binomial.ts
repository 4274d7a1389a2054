import { assertCounts, assertInside, assertShare } from './checks.js'
import { bdtr, incbi } from './special-functions.js'

/** Probability of at most `errors` errors among `n` items that are wrong with probability `rate`. */
export const binomialCdf = (errors: number, n: number, rate: number): number => {
  assertCounts(errors, n)
  assertShare('rate', rate)
  return errors === n ? 1 : bdtr(errors, n, rate)
}

/**
 * The error rate that `errors` among `n` items leave possible: the truth is at most this with probability 1 - delta.
 * Exact (Clopper and Pearson 1934, one-sided): the quantile 1 - delta of Beta(errors + 1, n - errors).
 * @param delta probability that the bound is wrong, inside 0..1
 * @returns 0..1, and 1 where all items are wrong or there are none
 * @throws DECISION_INPUT_INVALID
 */
export const errorUpperBound = (errors: number, n: number, delta: number): number => {
  assertCounts(errors, n)
  assertInside('delta', delta)
  return errors === n ? 1 : incbi(errors + 1, n - errors, 1 - delta)
}

/** The error rate is at least this with probability 1 - delta: the quantile delta of Beta(errors, n - errors + 1). */
export const errorLowerBound = (errors: number, n: number, delta: number): number => {
  assertCounts(errors, n)
  assertInside('delta', delta)
  return errors === 0 ? 0 : incbi(errors, n - errors + 1, delta)
}

export interface Interval {
  readonly lower: number
  readonly upper: number
}

/**
 * Two-sided Clopper-Pearson interval.
 * @param delta probability that the truth is outside, half of it on each side
 */
export const errorInterval = (errors: number, n: number, delta: number): Interval => ({
  lower: errorLowerBound(errors, n, delta / 2),
  upper: errorUpperBound(errors, n, delta / 2),
})

/**
 * Clopper-Pearson for counts that are not whole, as weighted samples have (Korn and Graubard 1998).
 * @param share share of hits, 0..1
 * @param n effective sample size, above 0
 */
export const shareInterval = (share: number, n: number, delta: number): Interval => {
  assertShare('share', share)
  assertInside('delta', delta)
  const hits = share * n
  return {
    lower: hits <= 0 ? 0 : incbi(hits, n - hits + 1, delta / 2),
    upper: hits >= n ? 1 : incbi(hits + 1, n - hits, 1 - delta / 2),
  }
}
