export { type FacetComparison, PackComparison, type PackComparisonSummary } from './comparison.js'
export { decideContent, type Decided, type FacetToDecide } from './decide-content.js'
export { describePublish } from './policies/strategies.js'
