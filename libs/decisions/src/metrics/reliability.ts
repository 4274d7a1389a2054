/** A group of predictions of like confidence. */
export interface ReliabilityBin {
  /** Least and greatest confidence in the bin. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Mean of what was predicted, and the share that was true: equal where the confidence is calibrated. */
  readonly confidence: number
  readonly frequency: number
}

export interface ReliabilityOptions {
  readonly binsMax?: number
  readonly perBinMin?: number
}

/**
 * Reliability diagram with bins of equal mass. Equal confidences stay in one bin. With fewer samples than two bins need
 * there is one bin. Nguyen and O'Connor, "Posterior calibration and exploratory analysis", 2015.
 * @param confidences in [0, 1]
 * @param outcomes 0 or 1
 */
export const reliabilityBins = (
  confidences: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  { binsMax = 15, perBinMin = 50 }: ReliabilityOptions = {},
): ReliabilityBin[] => {
  const order = ascending(confidences)
  const bins = Math.max(1, Math.min(binsMax, Math.floor(order.length / perBinMin)))
  const found: ReliabilityBin[] = []
  let from = 0
  for (let bin = 1; bin <= bins && from < order.length; bin++) {
    let to = Math.max(Math.round((bin * order.length) / bins), Math.min(from + perBinMin, order.length))
    while (to < order.length && valueAt(confidences, order, to) === valueAt(confidences, order, to - 1)) to++
    // What is left would be a bin that is too small.
    if (order.length - to < perBinMin) to = order.length
    found.push(binOf(confidences, outcomes, order.slice(from, to)))
    from = to
  }
  return found
}

/**
 * Expected calibration error over bins of equal width: the mean distance of confidence and frequency, weighted by count.
 * Guo et al., 2017, section 2.
 * @param confidences in [0, 1]
 * @param outcomes 0 or 1
 */
export const expectedCalibrationError = (
  confidences: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  bins = 15,
): number => {
  const gaps = new Float64Array(bins)
  for (let i = 0; i < confidences.length; i++) {
    const confidence = confidences[i] ?? 0
    // A confidence of 1 is in the last bin.
    const bin = Math.min(bins - 1, Math.floor(confidence * bins))
    gaps[bin] = (gaps[bin] ?? 0) + confidence - (outcomes[i] ?? 0)
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / Math.max(1, confidences.length)
}

/** Confidences and outcomes of one class over all contents. */
export interface ClassColumn {
  readonly confidences: ArrayLike<number>
  readonly outcomes: ArrayLike<number>
}

/**
 * The mean of the classes' calibration errors. Kull et al., "Beyond temperature scaling", 2019, section 3.
 * @returns 0 where there is no class
 */
export const classwiseCalibrationError = (classes: readonly ClassColumn[], bins = 15): number =>
  classes.reduce((sum, { confidences, outcomes }) => sum + expectedCalibrationError(confidences, outcomes, bins), 0) /
  Math.max(1, classes.length)

const ascending = (values: ArrayLike<number>): number[] =>
  Array.from({ length: values.length }, (_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))

const valueAt = (values: ArrayLike<number>, order: readonly number[], place: number): number =>
  values[order[place] ?? 0] ?? 0

const binOf = (
  confidences: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  members: readonly number[],
): ReliabilityBin => {
  const mean = (values: ArrayLike<number>): number =>
    members.reduce((sum, i) => sum + (values[i] ?? 0), 0) / members.length
  return {
    from: confidences[members[0] ?? 0] ?? 0,
    to: confidences[members.at(-1) ?? 0] ?? 0,
    count: members.length,
    confidence: mean(confidences),
    frequency: mean(outcomes),
  }
}
