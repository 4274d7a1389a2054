import { binomialCdf } from './binomial.js'
import { assertInside, assertShare } from './checks.js'

// a·ln(a/b), which tends to 0 with a; the naive product is 0·ln 0, not a number.
const term = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b))
const divergence = (a: number, b: number): number => term(a, b) + term(1 - a, 1 - b)

// Rounding in the mean would otherwise count one loss too many.
const roundingSlack = 1e-9

/**
 * P-value of "the expected loss is above `alpha`" for losses in 0..1, of whatever distribution:
 * min(exp(-n·h1(min(r, alpha), alpha)), e·BinomCDF(ceil(n·r); n, alpha)), Bates et al. 2021, section 3.1.
 * @param meanLoss mean over n items, 0..1
 * @returns 0..1
 * @throws DECISION_INPUT_INVALID
 */
export const hoeffdingBentkus = (meanLoss: number, n: number, alpha: number): number => {
  assertShare('meanLoss', meanLoss)
  assertInside('alpha', alpha)
  if (n === 0) return 1
  const hoeffding = Math.exp(-n * divergence(Math.min(meanLoss, alpha), alpha))
  const losses = Math.min(n, Math.ceil(n * meanLoss - roundingSlack))
  const bentkus = Math.E * binomialCdf(losses, n, alpha)
  return Math.min(1, hoeffding, bentkus)
}

/**
 * The expected loss that a mean of `meanLoss` over n items leaves possible with probability 1 - delta: the largest alpha
 * whose p-value is above delta.
 */
export const lossUpperBound = (meanLoss: number, n: number, delta: number): number => {
  assertInside('delta', delta)
  let [low, high] = [meanLoss, 1]
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2
    if (middle <= 0 || middle >= 1) return high
    if (hoeffdingBentkus(meanLoss, n, middle) <= delta) high = middle
    else low = middle
  }
  return high
}

// Halves the interval to less than 1e-15.
const bisections = 50
