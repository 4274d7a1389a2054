import { Matrix, solve } from 'ml-matrix'
import { sigmoid } from '../score/softmax.js'

export interface LogisticOptions {
  /** Where to begin, and where the ridge pulls to: one number a feature. */
  readonly start: readonly number[]
  /** Weight of half the squared distance to `start`, in the unit of the summed loss. */
  readonly ridge?: number
}

const stepsMax = 200
const halvingsMax = 40
// Near the minimum the loss differs by less than it is rounded by.
const rounding = 1 + 1e-13

/**
 * Logistic regression by Newton's method with step halving: the weights that minimise the summed cross-entropy between
 * `targets` and σ(features · weights). The loss is convex, so the minimum is the only one.
 * @param features columns, each as long as `targets`; a constant is a column of ones
 * @param targets in [0, 1]
 */
export const fitLogistic = (
  features: readonly Float64Array[],
  targets: ArrayLike<number>,
  { start, ridge = 0 }: LogisticOptions,
): number[] => {
  const loss = (weights: readonly number[]): number =>
    logisticLoss(margins(features, weights), targets) + (ridge / 2) * distance(weights, start)
  let weights = [...start]
  let current = loss(weights)
  for (let step = 0; step < stepsMax; step++) {
    const move = newtonMove(features, targets, weights, { start, ridge })
    let next = weights.map((weight, i) => weight + (move[i] ?? 0))
    let reached = loss(next)
    for (let halving = 1; reached > current * rounding && halving <= halvingsMax; halving++) {
      next = weights.map((weight, i) => weight + (move[i] ?? 0) * 0.5 ** halving)
      reached = loss(next)
    }
    if (!(reached <= current * rounding)) break
    const moved = Math.max(...next.map((weight, i) => Math.abs(weight - (weights[i] ?? 0)) / (1 + Math.abs(weight))))
    weights = next
    current = reached
    if (moved < 1e-11) break
  }
  return weights
}

/** Summed cross-entropy of σ(margins) against targets, without overflow. */
export const logisticLoss = (margin: Float64Array, targets: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < margin.length; i++) {
    const m = margin[i] ?? 0
    sum += Math.max(m, 0) + Math.log1p(Math.exp(-Math.abs(m))) - (targets[i] ?? 0) * m
  }
  return sum
}

const margins = (features: readonly Float64Array[], weights: readonly number[]): Float64Array => {
  const sums = new Float64Array(features[0]?.length ?? 0)
  features.forEach((column, f) => {
    const weight = weights[f] ?? 0
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (column[i] ?? 0)
  })
  return sums
}

const distance = (weights: readonly number[], start: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + (weight - (start[i] ?? 0)) ** 2, 0)

const newtonMove = (
  features: readonly Float64Array[],
  targets: ArrayLike<number>,
  weights: readonly number[],
  { start, ridge = 0 }: LogisticOptions,
): number[] => {
  const size = features.length
  const hessian = Matrix.eye(size).mul(ridge)
  const gradient = Matrix.columnVector(weights.map((weight, i) => ridge * (weight - (start[i] ?? 0))))
  const margin = margins(features, weights)
  for (let i = 0; i < margin.length; i++) {
    const p = sigmoid(margin[i] ?? 0)
    const curvature = p * (1 - p)
    for (let f = 0; f < size; f++) {
      const x = features[f]?.[i] ?? 0
      gradient.set(f, 0, gradient.get(f, 0) + (p - (targets[i] ?? 0)) * x)
      for (let g = 0; g <= f; g++) hessian.set(f, g, hessian.get(f, g) + curvature * x * (features[g]?.[i] ?? 0))
    }
  }
  for (let f = 0; f < size; f++) for (let g = 0; g < f; g++) hessian.set(g, f, hessian.get(f, g))
  // By singular values: where all scores are equal the features are not independent, and the shortest step will do.
  return solve(hessian, gradient, true)
    .to1DArray()
    .map((value) => -value)
}
