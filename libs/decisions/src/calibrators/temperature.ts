import { sigmoid, softmax } from '../score/softmax.js'
import type { Temperature } from './calibrator.js'

/** Slope and curvature of the summed negative log-likelihood in β = 1/t. */
type Objective = (beta: number) => { readonly slope: number; readonly curvature: number }

/** Logits of one content that are wholly right or wrong have no finite optimum: t stays between these. */
export const temperatureMin = 0.01
export const temperatureMax = 100

const stepsMax = 200

/**
 * The temperature that minimises the negative log-likelihood of a softmax. Guo et al., 2017, section 4.2.
 * @param logits rows over the classes
 * @param truth of each row the class that is right
 * @returns t in [0.01, 100]
 */
export const fitTemperature = (logits: readonly ArrayLike<number>[], truth: ArrayLike<number>): Temperature => ({
  kind: 'temperature',
  t: minimise((beta) => {
    let [slope, curvature] = [0, 0]
    logits.forEach((row, i) => {
      const p = softmax(row, 1 / beta)
      let [mean, square] = [0, 0]
      for (let c = 0; c < p.length; c++) {
        const z = row[c] ?? 0
        mean += (p[c] ?? 0) * z
        square += (p[c] ?? 0) * z * z
      }
      slope += mean - (row[truth[i] ?? 0] ?? 0)
      curvature += square - mean * mean
    })
    return { slope, curvature }
  }),
})

/**
 * The temperature that minimises the negative log-likelihood of sigmoids, each label by itself.
 * @param scores logits of any number of labels
 * @param labels 0 or 1
 */
export const fitBinaryTemperature = (scores: ArrayLike<number>, labels: ArrayLike<number>): Temperature => ({
  kind: 'temperature',
  t: minimise((beta) => {
    let [slope, curvature] = [0, 0]
    for (let i = 0; i < scores.length; i++) {
      const z = scores[i] ?? 0
      const p = sigmoid(beta * z)
      slope += (p - (labels[i] ?? 0)) * z
      curvature += p * (1 - p) * z * z
    }
    return { slope, curvature }
  }),
})

/**
 * Newton's method on τ = ln t. The loss is convex in β = e^−τ, so its slope in τ changes sign once; a step that leaves the
 * bracket of that sign is replaced by a bisection.
 */
const minimise = (objective: Objective): number => {
  let [from, to] = [Math.log(temperatureMin), Math.log(temperatureMax)]
  let tau = 0
  for (let step = 0; step < stepsMax; step++) {
    const beta = Math.exp(-tau)
    const { slope, curvature } = objective(beta)
    const slopeOfTau = -beta * slope
    if (slopeOfTau > 0) to = tau
    else from = tau
    const curvatureOfTau = beta * beta * curvature + beta * slope
    const newton = tau - slopeOfTau / curvatureOfTau
    const next = curvatureOfTau > 0 && newton > from && newton < to ? newton : (from + to) / 2
    if (slopeOfTau === 0 || Math.abs(next - tau) < 1e-15) break
    tau = next
  }
  return Math.exp(tau)
}
