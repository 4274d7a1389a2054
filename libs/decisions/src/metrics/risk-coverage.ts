/** What is published from a confidence on. */
export interface RiskCoveragePoint {
  readonly threshold: number
  /** Share of all contents whose confidence reaches the threshold. */
  readonly coverage: number
  /** Share of those that is wrong. */
  readonly risk: number
}

/**
 * Risk by coverage, from the strictest threshold to the loosest; equal confidences are one point. El-Yaniv and Wiener, "On
 * the foundations of noise-free selective classification", 2010.
 * @param confidences of the predictions
 * @param errors 1 where a prediction is wrong, else 0
 */
export const riskCoverage = (confidences: ArrayLike<number>, errors: ArrayLike<number>): RiskCoveragePoint[] => {
  const order = Array.from({ length: confidences.length }, (_, i) => i)
  order.sort((a, b) => (confidences[b] ?? 0) - (confidences[a] ?? 0))
  const points: RiskCoveragePoint[] = []
  let wrong = 0
  order.forEach((i, place) => {
    wrong += errors[i] ?? 0
    const threshold = confidences[i] ?? 0
    const next = order[place + 1]
    if (next !== undefined && confidences[next] === threshold) return
    points.push({ threshold, coverage: (place + 1) / order.length, risk: wrong / (place + 1) })
  })
  return points
}

/**
 * Area under the risk-coverage curve: the mean risk of publishing the surest 1, 2, … n contents. Among equal confidences
 * the order is open, so their errors are spread evenly. Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty
 * estimation", 2019.
 * @returns in [0, 1]; 0 where there is no content
 */
export const aurc = (confidences: ArrayLike<number>, errors: ArrayLike<number>): number => {
  const total = confidences.length
  let [area, published, wrong] = [0, 0, 0]
  for (const { coverage, risk } of riskCoverage(confidences, errors)) {
    const to = Math.round(coverage * total)
    const each = (risk * to - wrong) / (to - published)
    const before = { published, wrong }
    for (let i = before.published + 1; i <= to; i++) area += (before.wrong + each * (i - before.published)) / i
    published = to
    wrong = risk * to
  }
  return total === 0 ? 0 : area / total
}

/** The greatest coverage whose risk is at most `riskMax`; 0 where there is none. It sees the outcomes, as an oracle does. */
export const coverageAt = (curve: readonly RiskCoveragePoint[], riskMax: number): number =>
  curve.reduce((best, { coverage, risk }) => (risk <= riskMax ? Math.max(best, coverage) : best), 0)
