import { ReeltagError } from '@reeltag/contracts'
import { assertInside } from '../bounds/checks.js'
import { shareInterval, type Interval } from '../bounds/binomial.js'

/** A published item that a person looked at. */
export interface LookedAt {
  readonly correct: boolean
  /** Probability with which it was chosen to be looked at, above 0 and at most 1. */
  readonly propensity: number
}

export interface Precision extends Interval {
  /** Share of the published items that are right (Hájek 1971): sum(y/p) / sum(1/p). Null where nothing was looked at. */
  readonly precision: number | null
  /** Items looked at. */
  readonly n: number
  /** Number of equally weighted items that would tell as much, at most n. */
  readonly nEffective: number
}

/**
 * Precision of all that was published, from items that were looked at with known, unequal probabilities: each stands for
 * 1/propensity items. An item that could not be looked at at all makes it wrong, and nothing in the rows shows that.
 * The interval is Clopper-Pearson at the effective sample size (Korn and Graubard 1998), so it does not collapse where
 * no error was found.
 * @param delta probability that the truth is outside the interval
 * @throws DECISION_INPUT_INVALID where a propensity is not above 0 and at most 1
 */
export const precisionByPropensity = (rows: readonly LookedAt[], delta = 0.05): Precision => {
  assertInside('delta', delta)
  const weights = rows.map(weightOf)
  const total = sum(weights)
  if (total === 0) return { precision: null, lower: 0, upper: 1, n: 0, nEffective: 0 }
  const right = sum(weights.map((weight, index) => (rows[index]?.correct === true ? weight : 0)))
  const precision = Math.min(1, right / total)
  const nEffective = Math.min(rows.length, effectiveSize(rows, weights, precision))
  return { precision, ...shareInterval(precision, nEffective, delta), n: rows.length, nEffective }
}

/**
 * Number of right ones among all that were published (Horvitz and Thompson 1952): sum(y/p). Unbiased whatever the
 * propensities are; with the number of published items known, it over that number is a precision too, of larger variance
 * than the one above.
 */
export const rightOnesByPropensity = (rows: readonly LookedAt[]): number =>
  sum(rows.map((row) => (row.correct ? weightOf(row) : 0)))

const weightOf = ({ propensity }: LookedAt): number => {
  if (!(propensity > 0 && propensity <= 1))
    throw new ReeltagError('DECISION_INPUT_INVALID', `propensity is ${propensity}, not above 0 and at most 1`)
  return 1 / propensity
}

/** Variance of one item over the variance of the estimate (linearised); by the weights alone where all items agree. */
const effectiveSize = (rows: readonly LookedAt[], weights: readonly number[], precision: number): number => {
  const total = sum(weights)
  const squares = weights.map((weight, index) => (weight * (Number(rows[index]?.correct) - precision)) ** 2)
  const variance = sum(squares) / total ** 2
  return variance > 0
    ? (precision * (1 - precision)) / variance
    : total ** 2 / sum(weights.map((weight) => weight ** 2))
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
