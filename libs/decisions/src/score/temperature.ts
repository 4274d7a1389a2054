/**
 * Softmax of `logits / temperature`, computed from differences to the largest logit so that nothing overflows.
 * @returns probabilities that sum to 1
 */
export const softmax = (logits: ArrayLike<number>, temperature = 1): number[] => {
  const values = Array.from(logits)
  const largest = values.reduce((max, value) => Math.max(max, value), -Infinity)
  const weights = values.map((value) => Math.exp((value - largest) / temperature))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Held-out logits and the index of the right leaf, row by row. */
export interface Labelled {
  readonly logits: ArrayLike<number>
  readonly label: number
}

// Beyond these a head is broken, not miscalibrated; perfectly separable rows would send T to 0.
const [temperatureMin, temperatureMax] = [0.05, 20]
const stepsMax = 50
const toleranceLnT = 1e-9

/**
 * The temperature with the least negative log-likelihood on held-out rows (Guo et al. 2017, §4.2), by Newton's method on
 * ln T. The likelihood is convex in 1/T, so it has one minimum in ln T as well; a step that leaves the bracket around it is
 * replaced by a bisection.
 */
export const fitTemperature = (rows: readonly Labelled[]): number => {
  if (rows.length === 0) throw new RangeError('a temperature needs at least one labelled row')
  let [low, high] = [Math.log(temperatureMin), Math.log(temperatureMax)]
  let lnT = 0
  for (let step = 0; step < stepsMax && high - low > toleranceLnT; step++) {
    const { slope, curvature } = derivatives(rows, lnT)
    if (slope > 0) high = lnT
    else low = lnT
    const newton = lnT - slope / curvature
    const next = curvature > 0 && newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - lnT) < toleranceLnT) return Math.exp(next)
    lnT = next
  }
  return Math.exp(lnT)
}

/** First and second derivative of the negative log-likelihood with respect to ln T. */
const derivatives = (rows: readonly Labelled[], lnT: number): { slope: number; curvature: number } => {
  const inverse = Math.exp(-lnT)
  let [first, second] = [0, 0]
  for (const { logits, label } of rows) {
    const p = softmax(logits, 1 / inverse)
    const mean = p.reduce((sum, weight, leaf) => sum + weight * (logits[leaf] ?? 0), 0)
    first += mean - (logits[label] ?? 0)
    second += p.reduce((sum, weight, leaf) => sum + weight * ((logits[leaf] ?? 0) - mean) ** 2, 0)
  }
  // By the chain rule from 1/T, in which they are the mean's excess and the variance.
  return { slope: -inverse * first, curvature: inverse * inverse * second + inverse * first }
}
