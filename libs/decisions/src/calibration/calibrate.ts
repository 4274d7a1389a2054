import type { TreeShape } from '../compiled-tree.js'
import { recordByNode } from '../score/by-node.js'
import { nodeProbabilities, restoreCoherence, type MultiCoherence } from '../score/coherence.js'
import { sigmoid } from '../score/softmax.js'
import type { MaskCalibration } from './calibration.js'
import { inside, logOdds, type NodeCalibrator } from '../calibrators/calibrator.js'
import { interpolate } from '../calibrators/isotonic.js'
import { scaleLogits } from '../calibrators/vector.js'

/** Where all leaves of a `single` tree are mapped to 0, nothing is left to renormalise. */
const isEmpty = ({ kind, leaves }: TreeShape, probabilities: Float64Array): boolean =>
  kind === 'single' && leaves.every((leaf) => (probabilities[leaf] ?? 0) <= 0)

/**
 * Calibrated probabilities of all nodes. The logits are made coherent with the shared temperature, each node is mapped by
 * its own calibrator, and because maps of their own break coherence it is restored at the end.
 * @returns by node number
 * @throws INFERENCE_FAILED where a logit is missing or not finite
 */
export const applyCalibration = (
  tree: TreeShape,
  logits: ArrayLike<number>,
  { temperature, vector, nodes }: MaskCalibration,
  coherence?: MultiCoherence,
): Float64Array => {
  const base = nodeProbabilities(tree, vector === undefined ? logits : scaleLogits(vector, logits), temperature.t)
  const calibrated = base.slice()
  recordByNode(tree, nodes).forEach((fitted, node) => {
    const calibrator = fitted?.calibrator
    if (calibrator === undefined || calibrator.kind === 'temperature') return
    calibrated[node] = applyToProbability(calibrator, base[node] ?? 0)
  })
  if (isEmpty(tree, calibrated)) return base
  restoreCoherence(tree, calibrated, coherence)
  return calibrated
}

/**
 * Applies the map of a node to the node's probability. Platt's score is the log-odds: for a sigmoid head that is the logit
 * itself, and for a softmax head a raw logit alone would mean nothing.
 * @param probability in [0, 1]
 * @returns in [0, 1]
 */
export const applyToProbability = (calibrator: NodeCalibrator, probability: number): number => {
  switch (calibrator.kind) {
    case 'platt':
      return sigmoid(calibrator.a * logOdds(probability) + calibrator.b)
    case 'beta': {
      const s = inside(probability)
      return sigmoid(calibrator.a * Math.log(s) - calibrator.b * Math.log1p(-s) + calibrator.c)
    }
    case 'isotonic':
      return interpolate(calibrator, probability)
  }
}
