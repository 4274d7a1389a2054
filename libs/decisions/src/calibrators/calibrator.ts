/** Softmax or sigmoid of `z / t`. Guo et al., "On calibration of modern neural networks", 2017, section 4.2. */
export interface Temperature {
  readonly kind: 'temperature'
  readonly t: number
}

/** Softmax of `w ⊙ z + b`, in the order of the logits. The same paper, section 4.2. */
export interface VectorScaling {
  readonly kind: 'vector'
  readonly w: readonly number[]
  readonly b: readonly number[]
}

/** σ(a z + b) of a score z. Platt, "Probabilistic outputs for support vector machines", 1999. */
export interface Platt {
  readonly kind: 'platt'
  readonly a: number
  readonly b: number
}

/** σ(a ln s − b ln(1 − s) + c) of a probability s, a and b ≥ 0. Kull et al., "Beta calibration", 2017. */
export interface Beta {
  readonly kind: 'beta'
  readonly a: number
  readonly b: number
  readonly c: number
}

/** A rising polyline through the points (x, y), level beyond its ends. */
export interface Isotonic {
  readonly kind: 'isotonic'
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** One fitted map, as data. */
export type Calibrator = Temperature | VectorScaling | Platt | Beta | Isotonic

/** A map of one node's probability. */
export type NodeCalibrator = Platt | Beta | Isotonic

// The log-odds of 0 and 1 would be infinite.
const probabilityMin = 1e-12

export const inside = (probability: number): number =>
  Math.min(1 - probabilityMin, Math.max(probabilityMin, probability))

/** ln(p / (1 − p)), of probabilities kept 1e-12 away from 0 and 1. */
export const logOdds = (probability: number): number => {
  const p = inside(probability)
  return Math.log(p) - Math.log1p(-p)
}
