import { binomialCdf } from './binomial.js'
import { assertCounts, assertInside } from './checks.js'

/** What is promised: at most `alpha` of what is published is wrong, and the promise is broken with probability `delta`. */
export interface Target {
  readonly alpha: number
  readonly delta: number
}

/** @throws DECISION_INPUT_INVALID where one of the two is not inside 0..1 */
export const assertTarget = ({ alpha, delta }: Target): void => {
  assertInside('alpha', alpha)
  assertInside('delta', delta)
}

/**
 * The fewest items with `errors` errors among them that prove the target: the smallest n with
 * BinomCDF(errors; n, alpha) <= delta. Without errors this is (1 - alpha)^n <= delta.
 * @throws DECISION_INPUT_INVALID
 */
export const acceptedNeeded = ({ alpha, delta, errors }: Target & { readonly errors: number }): number => {
  assertTarget({ alpha, delta })
  assertCounts(errors, errors)
  const proves = (n: number): boolean => binomialCdf(errors, n, alpha) <= delta
  let [tooFew, enough] = [errors, errors + 1]
  while (!proves(enough)) [tooFew, enough] = [enough, enough * 2]
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (proves(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}
