import { applyToProbability } from './calibrate.js'
import { inside, logOdds, type NodeCalibrator } from './calibrator.js'
import { fitBeta } from './beta.js'
import { fitIsotonic } from './isotonic.js'
import { fitPlatt } from './platt.js'

/** Probabilities of one node, and whether it was true. */
export interface NodeSamples {
  readonly probabilities: readonly number[]
  /** 0 or 1. */
  readonly labels: readonly number[]
}

/** From so many on either side a node has a map of its own. */
export const ownMin = 50
/** Above so many on either side the map follows the data freely. */
const isotonicAbove = 1_000

/** The rarer of positives and negatives: a root that is nearly always true tells as little as a leaf that never is. */
export const rarer = ({ labels }: NodeSamples): number => {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  return Math.min(positives, labels.length - positives)
}

/**
 * The map that so much data can carry: none below 50 of the rarer side, then Platt or beta, above 1,000 isotonic. Of Platt
 * and beta it takes the one that predicts better across two halves, and Platt where they are equal.
 * @param samples in an order that does not depend on the labels
 */
export const chooseCalibrator = (samples: NodeSamples): NodeCalibrator | undefined => {
  const count = rarer(samples)
  if (count < ownMin) return undefined
  const { probabilities, labels } = samples
  if (count > isotonicAbove) return fitIsotonic(probabilities, labels)
  const platt = plattOf(samples)
  return acrossHalves(samples, betaOf) < acrossHalves(samples, plattOf) ? betaOf(samples) : platt
}

export const plattOf = ({ probabilities, labels }: NodeSamples): NodeCalibrator =>
  fitPlatt(probabilities.map(logOdds), labels)

const betaOf = ({ probabilities, labels }: NodeSamples): NodeCalibrator => fitBeta(probabilities, labels)

/** Negative log-likelihood of each half under the map that was fitted on the other. */
const acrossHalves = (samples: NodeSamples, fit: (half: NodeSamples) => NodeCalibrator): number => {
  const halves = [0, 1].map((parity) => ({
    probabilities: samples.probabilities.filter((_, i) => i % 2 === parity),
    labels: samples.labels.filter((_, i) => i % 2 === parity),
  }))
  const [even, odd] = halves
  if (even === undefined || odd === undefined) return Infinity
  return negativeLogLikelihood(fit(even), odd) + negativeLogLikelihood(fit(odd), even)
}

const negativeLogLikelihood = (calibrator: NodeCalibrator, { probabilities, labels }: NodeSamples): number =>
  probabilities.reduce((sum, probability, i) => {
    const p = inside(applyToProbability(calibrator, probability))
    return sum - Math.log(labels[i] === 1 ? p : 1 - p)
  }, 0)
