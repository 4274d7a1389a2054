import { fitBeta } from '../calibrators/beta.js'
import { inside, logOdds, type NodeCalibrator } from '../calibrators/calibrator.js'
import { fitIsotonic } from '../calibrators/isotonic.js'
import { fitPlatt } from '../calibrators/platt.js'
import { applyToProbability } from './calibrate.js'

/** Probabilities of one node, and whether it was true. */
export interface NodeSamples {
  readonly probabilities: readonly number[]
  /** 0 or 1. */
  readonly labels: readonly number[]
}

/** Maps of a node's probability that can be asked for. */
export type NodeFamily = NodeCalibrator['kind']

/** From so many on either side a node has a map of its own. */
export const ownMin = 50
/** Above so many on either side the map follows the data freely. */
const isotonicAbove = 1_000

const fits: Readonly<Record<NodeFamily, (samples: NodeSamples) => NodeCalibrator>> = {
  platt: ({ probabilities, labels }) => fitPlatt(probabilities.map(logOdds), labels),
  beta: ({ probabilities, labels }) => fitBeta(probabilities, labels),
  isotonic: ({ probabilities, labels }) => fitIsotonic(probabilities, labels),
}

/** The rarer of positives and negatives: a root that is nearly always true tells as little as a leaf that never is. */
export const rarer = ({ labels }: NodeSamples): number => {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  return Math.min(positives, labels.length - positives)
}

/**
 * The map that so much data can carry: none below 50 of the rarer side, then Platt or beta, above 1,000 isotonic. Of Platt
 * and beta it takes the one that predicts better across two halves, and Platt where they are equal.
 * @param samples in an order that does not depend on the labels
 * @param family the only map to fit; without it the data choose
 */
export const chooseCalibrator = (samples: NodeSamples, family?: NodeFamily): NodeCalibrator | undefined => {
  const count = rarer(samples)
  if (count < ownMin) return undefined
  if (family !== undefined) return fits[family](samples)
  if (count > isotonicAbove) return fits.isotonic(samples)
  return acrossHalves(samples, fits.beta) < acrossHalves(samples, fits.platt) ? fits.beta(samples) : fits.platt(samples)
}

/** The map of siblings that are too rare to have one each. */
export const poolCalibrator = (samples: NodeSamples, family: NodeFamily = 'platt'): NodeCalibrator | undefined =>
  rarer(samples) < ownMin ? undefined : fits[family](samples)

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
