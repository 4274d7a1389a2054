import type { Platt } from './calibrator.js'
import { fitLogistic } from './logistic.js'

/**
 * Platt scaling: σ(a z + b) by cross-entropy against (N₊ + 1) / (N₊ + 2) for a positive and 1 / (N₋ + 2) for a negative,
 * which keeps a finite where the classes are separable. The objective is that of scikit-learn's `_SigmoidCalibration`,
 * whose A and B are −a and −b. Lin, Lin and Weng, "A note on Platt's probabilistic outputs", 2007.
 * @param scores finite, such as log-odds
 * @param labels 0 or 1
 */
export const fitPlatt = (scores: ArrayLike<number>, labels: ArrayLike<number>): Platt => {
  const targets = plattTargets(labels)
  const positives = Array.from(labels).reduce((sum, label) => sum + label, 0)
  const start = [0, Math.log((positives + 1) / (labels.length - positives + 1))]
  const features = [Float64Array.from(scores), new Float64Array(scores.length).fill(1)]
  const [a = 1, b = 0] = fitLogistic(features, targets, { start })
  return { kind: 'platt', a, b }
}

export const plattTargets = (labels: ArrayLike<number>): Float64Array => {
  const positives = Array.from(labels).reduce((sum, label) => sum + label, 0)
  const [positive, negative] = [(positives + 1) / (positives + 2), 1 / (labels.length - positives + 2)]
  return Float64Array.from(labels, (label) => (label === 1 ? positive : negative))
}
