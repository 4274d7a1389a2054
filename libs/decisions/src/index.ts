export { type FacetComparison, PackComparison, type PackComparisonSummary } from './comparison.js'
export { decideContent, type Decided, type FacetToDecide } from './decide-content.js'
export { describePublish } from './policies/strategies.js'
export { compileTree, type CompiledTree, type TreeShape } from './compiled-tree.js'
export { facetScores, type ClassScales, type Scoring } from './score/facet-scores.js'
export { nodeProbabilities, restoreCoherence, type MultiCoherence } from './score/coherence.js'
export { decide, type FacetDecision } from './policies/decide.js'
export type { Scores } from './policies/strategy.js'
export type {
  Beta,
  Calibrator,
  Isotonic,
  NodeCalibrator,
  Platt,
  Temperature,
  VectorScaling,
} from './calibration/calibrator.js'
export type { Calibration, CalibrationRow, MaskCalibration, NodeCalibration } from './calibration/calibration.js'
export { applyCalibration, applyToProbability } from './calibration/calibrate.js'
export { fitBeta } from './calibration/beta.js'
export { fitIsotonic } from './calibration/isotonic.js'
export { fitPlatt } from './calibration/platt.js'
export { fitBinaryTemperature, fitTemperature } from './calibration/temperature.js'
export { applyVector, fitVector } from './calibration/vector.js'
export { fitCalibration, type FitOptions } from './calibration/fit-calibration.js'
export type { CalibrationFault } from './calibration/refusals.js'
export {
  fitWithReport,
  reportOn,
  type CalibrationQuality,
  type CalibrationReport,
  type MaskReport,
} from './metrics/calibration-report.js'
export { hierarchicalF1, macroF1 } from './metrics/f1.js'
export {
  classwiseCalibrationError,
  expectedCalibrationError,
  reliabilityBins,
  type ClassColumn,
  type ReliabilityBin,
} from './metrics/reliability.js'
export { aurc, coverageAt, riskCoverage, type RiskCoveragePoint } from './metrics/risk-coverage.js'
export { splitByHash } from './metrics/split.js'
export { reportClassScale, searchClassScale, type ClassScale, type ScaleRow } from './scale/class-scale.js'
