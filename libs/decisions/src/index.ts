export { nodeProbabilities } from './coherence.js'
export { decide, type FacetDecision, type ScoredNode } from './decide.js'
export type { LabelNode, LabelTree } from './label-tree.js'
export { expectedCalibrationError, negativeLogLikelihood, type Outcome } from './metrics.js'
export {
  PackComparison,
  type FacetComparison,
  type LevelAgreement,
  type PackComparisonSummary,
} from './pack-comparison.js'
export { fitTemperature, softmax, type Labelled } from './temperature.js'
