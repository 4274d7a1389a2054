import type { Mask } from '@reeltag/contracts'
import { applyCalibration } from '../calibration/calibrate.js'
import type { Calibration } from '../calibration/calibration.js'
import type { TreeShape } from '../compiled-tree.js'
import type { Scores } from '../policies/strategy.js'
import { recordByNode } from './by-node.js'
import { byNode, nodeProbabilities, restoreCoherence, type MultiCoherence } from './coherence.js'

/** By mask and leaf, the logarithm of the weight that a leaf has when nodes are put in order. 0 for a leaf not listed. */
export type ClassScales = Readonly<Record<Mask, Readonly<Record<string, number>>>>

/** How the logits of one facet become probabilities, and by what nodes are put in order. */
export interface Scoring {
  readonly temperature: Readonly<Record<Mask, number>>
  /** Where it has the mask, it takes the place of the temperature. */
  readonly calibration?: Calibration
  /** Changes what is chosen, never the confidence that is published. */
  readonly scale?: ClassScales
  /** How a `multi` tree is made coherent again after its nodes were calibrated; without it `max-up`. */
  readonly coherence?: MultiCoherence
}

/**
 * @param logits in the order of the tree's `logitIds`
 * @throws INFERENCE_FAILED where a logit is missing or not finite
 */
export const facetScores = (tree: TreeShape, logits: ArrayLike<number>, mask: Mask, scoring: Scoring): Scores => {
  const { temperature, calibration, scale, coherence } = scoring
  const fitted = calibration?.masks[mask]
  const probabilities =
    fitted === undefined
      ? nodeProbabilities(tree, logits, temperatureOf(temperature, mask))
      : applyCalibration(tree, logits, fitted, coherence)
  const weights = scale?.[mask]
  const ranks = weights === undefined ? probabilities : scaled(tree, probabilities, weights, coherence)
  return new FacetScores(tree, logits, probabilities, ranks)
}

/** What nobody measured is left as the head gave it. */
const temperatureOf = (temperature: Scoring['temperature'], mask: Mask): number => temperature[mask] ?? 1

class FacetScores implements Scores {
  constructor(
    private readonly tree: TreeShape,
    private readonly given: ArrayLike<number>,
    readonly probabilities: Float64Array,
    readonly ranks: Float64Array,
  ) {}

  /** Laid out when a policy asks, and most never do. */
  get logits(): Float64Array {
    return byNode(this.tree, this.given, -Infinity)
  }
}

/**
 * Whether two ways of scoring give the same for every content with these streams: scores of one then serve for both. They
 * are compared as data, because the same policy may have been read twice.
 */
export const scoresAlike = (one: Scoring, other: Scoring, mask: Mask): boolean =>
  JSON.stringify(partsFor(one, mask)) === JSON.stringify(partsFor(other, mask))

/** A calibration takes the place of the temperature, so only what counts is compared. */
const partsFor = ({ temperature, calibration, scale, coherence }: Scoring, mask: Mask): readonly unknown[] => [
  calibration?.masks[mask] ?? temperatureOf(temperature, mask),
  calibration?.masks[mask] === undefined ? null : calibration.kind,
  scale?.[mask] ?? null,
  coherence ?? 'max-up',
]

/** The odds of each leaf times its weight, made coherent again. */
const scaled = (
  tree: TreeShape,
  probabilities: Float64Array,
  logWeights: Readonly<Record<string, number>>,
  coherence: MultiCoherence | undefined,
): Float64Array => {
  const ranks = new Float64Array(probabilities.length)
  const ofNodes = recordByNode(tree, logWeights)
  for (const leaf of tree.leaves) {
    const weight = Math.exp(ofNodes[leaf] ?? 0)
    const probability = probabilities[leaf] ?? 0
    // In a single tree the leaves are renormalised, so weighing the probabilities weighs the odds between any two.
    ranks[leaf] =
      tree.kind === 'single' ? probability * weight : (probability * weight) / (1 + probability * (weight - 1))
  }
  restoreCoherence(tree, ranks, coherence)
  return ranks
}
