import { ReeltagError } from '@reeltag/contracts'
import { Matrix, solve } from 'ml-matrix'
import { softmax } from '../score/softmax.js'
import type { VectorScaling } from './calibrator.js'

/** A fit solves equations in twice as many unknowns, so more classes than this take too long. */
export const vectorClassesMax = 64

/** Pulls to the identity: the fit is never worse than that, and the offsets, which matter only by their differences, are fixed. */
export const vectorRidge = 1e-6

const stepsMax = 100
const halvingsMax = 40
const rounding = 1 + 1e-13

type Scaling = Omit<VectorScaling, 'kind'>

/** `w ⊙ logits + b`. */
export const scaleLogits = ({ w, b }: Scaling, logits: ArrayLike<number>): Float64Array =>
  Float64Array.from(logits, (z, c) => (w[c] ?? 1) * z + (b[c] ?? 0))

/** Softmax of `w ⊙ logits + b`. */
export const applyVector = (map: Scaling, logits: ArrayLike<number>): Float64Array => softmax(scaleLogits(map, logits))

/**
 * Vector scaling by Newton's method with step halving on the summed negative log-likelihood and a small ridge around the
 * identity. The loss is convex in w and b. Guo et al., 2017, section 4.2.
 * @param logits rows over the classes, the same number in each
 * @param truth of each row the class that is right
 * @throws CALIBRATION_REFUSED where there are more classes than 64
 */
export const fitVector = (logits: readonly ArrayLike<number>[], truth: ArrayLike<number>): VectorScaling => {
  const classes = logits[0]?.length ?? 0
  if (classes > vectorClassesMax)
    throw new ReeltagError(
      'CALIBRATION_REFUSED',
      `vector scaling takes at most ${vectorClassesMax} classes; there are ${classes}. Use a calibration per class`,
    )
  // First the weights, then the offsets.
  let theta = Array.from({ length: 2 * classes }, (_, place) => identityAt(place, 2 * classes))
  let current = lossOf(logits, truth, theta)
  for (let step = 0; step < stepsMax; step++) {
    const { move, decrement } = newtonMove(logits, truth, theta)
    const at = (share: number): number[] => theta.map((value, i) => value + share * (move[i] ?? 0))
    let next = at(1)
    let reached = lossOf(logits, truth, next)
    for (let halving = 1; reached > current * rounding && halving <= halvingsMax; halving++) {
      next = at(0.5 ** halving)
      reached = lossOf(logits, truth, next)
    }
    if (!(reached <= current * rounding)) break
    const moved = Math.max(...next.map((value, i) => Math.abs(value - (theta[i] ?? 0)) / (1 + Math.abs(value))))
    theta = next
    current = reached
    // Near the optimum a step squares what is left, so this one was the last that changes a digit.
    if (moved < 1e-11 || decrement < 1e-22) break
  }
  return { kind: 'vector', ...split(theta) }
}

const split = (theta: readonly number[]) => ({ w: theta.slice(0, theta.length / 2), b: theta.slice(theta.length / 2) })

const identityAt = (place: number, size: number): number => (place < size / 2 ? 1 : 0)

const lossOf = (logits: readonly ArrayLike<number>[], truth: ArrayLike<number>, theta: readonly number[]): number => {
  const map = split(theta)
  const pulled = theta.reduce((sum, value, i) => sum + (value - identityAt(i, theta.length)) ** 2, 0)
  return logits.reduce(
    (sum, row, i) => sum - Math.log(Math.max(Number.MIN_VALUE, applyVector(map, row)[truth[i] ?? 0] ?? 0)),
    (vectorRidge / 2) * pulled,
  )
}

/** The step of Newton's method, and how far it lowers the loss twice over, were the loss a parabola. */
const newtonMove = (
  logits: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
  theta: readonly number[],
): { readonly move: number[]; readonly decrement: number } => {
  const size = theta.length
  const classes = size / 2
  const map = split(theta)
  const hessian = new Float64Array(size * size)
  const gradient = theta.map((value, i) => vectorRidge * (value - identityAt(i, size)))
  // The derivative of a scaled logit is the logit by its weight, and 1 by its offset.
  const derivative = (row: ArrayLike<number>, i: number): number => (i < classes ? (row[i] ?? 0) : 1)
  logits.forEach((row, n) => {
    const p = applyVector(map, row)
    for (let i = 0; i < size; i++) {
      const [c, di] = [i % classes, derivative(row, i)]
      const pc = p[c] ?? 0
      gradient[i] = (gradient[i] ?? 0) + di * (pc - (truth[n] === c ? 1 : 0))
      for (let j = 0; j <= i; j++) {
        const d = j % classes
        const curvature = pc * ((c === d ? 1 : 0) - (p[d] ?? 0))
        hessian[i * size + j] = (hessian[i * size + j] ?? 0) + curvature * di * derivative(row, j)
      }
    }
  })
  const square = Matrix.zeros(size, size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = (hessian[i * size + j] ?? 0) + (i === j ? vectorRidge : 0)
      square.set(i, j, value)
      square.set(j, i, value)
    }
  const move = solve(square, Matrix.columnVector(gradient))
    .to1DArray()
    .map((value) => -value)
  return { move, decrement: move.reduce((sum, value, i) => sum - value * (gradient[i] ?? 0), 0) }
}
