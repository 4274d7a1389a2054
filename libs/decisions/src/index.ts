export { type FacetComparison, PackComparison, type PackComparisonSummary } from './comparison.js'
export { decideContent, type Decided, type DecideOptions, type FacetToDecide } from './decide-content.js'
export { applyPolicy } from './apply-policy.js'
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
} from './calibrators/calibrator.js'
export type { Calibration, CalibrationRow, MaskCalibration, NodeCalibration } from './calibration/calibration.js'
export { applyCalibration, applyToProbability } from './calibration/calibrate.js'
export { fitBeta } from './calibrators/beta.js'
export { fitIsotonic } from './calibrators/isotonic.js'
export { fitPlatt } from './calibrators/platt.js'
export { fitBinaryTemperature, fitTemperature } from './calibrators/temperature.js'
export { applyVector, fitVector } from './calibrators/vector.js'
export { fitCalibration, type FitOptions } from './calibration/fit-calibration.js'
export type { CalibrationFault } from './calibration/refusals.js'
export {
  crossFittedReport,
  fitWithReport,
  reportOn,
  type CalibrationReport,
  type ClassReport,
  type MaskReport,
} from './metrics/calibration-report.js'
export type { CalibrationQuality } from './metrics/calibration-quality.js'
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
export { seededRandom } from './scale/seeded-random.js'
export { reportClassScale, searchClassScale, type ClassScale, type ScaleRow } from './scale/class-scale.js'
export { acceptedNeeded, type Target } from './bounds/accepted-needed.js'
export { binomialCdf, errorInterval, errorLowerBound, errorUpperBound, type Interval } from './bounds/binomial.js'
export { hoeffdingBentkus, lossUpperBound } from './bounds/hoeffding-bentkus.js'
export { certify, type AuditedRow } from './certify/certify.js'
export { certifyBackOff, type WayNode } from './certify/certify-back-off.js'
export {
  certifyGroups,
  type CertifiedGroup,
  type CertifiedGroups,
  type GroupedRow,
  type GroupOptions,
  type Multiplicity,
} from './certify/certify-groups.js'
export { certifyMasks } from './certify/certify-masks.js'
export type { Certificate, Outcome, Refusal } from './certify/outcome.js'
export { thresholdsOf } from './certify/thresholds-of.js'
export { controlMisses, isRiskControlled, type MissControl } from './certify/risk-control.js'
export { candidatesShown } from './conformal/facet-candidates.js'
export { candidatesOf, fitMondrian, type Candidate, type Mondrian, type MondrianGroup } from './conformal/mondrian.js'
export { conformalQuantile, scoresNeeded } from './conformal/quantile.js'
export { rapsScores, type RapsOptions } from './conformal/raps.js'
export { groupBy } from './group-by.js'
export { promisesOf, sendToReview, type GroupOfPolicy } from './policies/groups.js'
export { groupsOfTags, type GroupedTag, type PublishedTag } from './audit/groups-of-tags.js'
export { isAudited, unitOf } from './audit/choose.js'
export { precisionByPropensity, rightOnesByPropensity, type LookedAt, type Precision } from './audit/precision.js'
export { evidenceOf, newWatch, watchAudit, type PromiseWatch } from './audit/watch.js'
export type { Capacity, RoutedItem } from './routing/items.js'
export { route, type RoutedAs, type RouteReason, type Routing } from './routing/route.js'
export { rulesHit, type ItemFacts, type ReviewRules } from './routing/rules.js'
export { fitPolicy, type FittedPolicy, type Promises } from './fit/fit-policy.js'
export {
  assertCalibrated,
  fitCalibrations,
  type FacetToCalibrate,
  type FittedCalibrations,
  type NotCalibrated,
} from './fit/fit-calibrations.js'
export { isForCalibration, type LabelledContent } from './fit/labelled-content.js'
export type { FacetCurves } from './fit/risk-curves.js'
export { routeOpenItems, type OpenItem, type RoutedOpenItems } from './routing/route-open-items.js'
export { rulesOfPolicy } from './routing/rules-of-policy.js'
export { noveltyOf } from './routing/novelty.js'
export { disagreementOf } from './routing/disagreement.js'
export { errorCostOf, errorProbabilityOf, type LikelyTag } from './routing/cost-of-error.js'
export { fitRouting } from './fit/fit-routing.js'
export { certifyFacet, type CertifiedFacet, type JudgedGroup, type TruthRow } from './fit/certify-facet.js'
export { Replaying, type ReplayedContent } from './replay/policy-replay.js'
