import { softmax, type Labelled } from './temperature.js'

// A probability that underflowed to 0 costs much, not infinitely much.
const probabilityMin = 1e-300

/** Mean negative log-likelihood of the labels, nats. */
export const negativeLogLikelihood = (rows: readonly Labelled[], temperature = 1): number => {
  const loss = ({ logits, label }: Labelled): number =>
    -Math.log(Math.max(softmax(logits, temperature)[label] ?? 0, probabilityMin))
  return rows.reduce((sum, row) => sum + loss(row), 0) / rows.length
}

export interface Outcome {
  /** Probability that was given to the answer. */
  readonly confidence: number
  /** Whether the answer was right. */
  readonly correct: boolean
}

/** Expected calibration error over equal-width bins (Guo et al. 2017, eq. 3). */
export const expectedCalibrationError = (outcomes: readonly Outcome[], bins = 15): number => {
  const gaps = new Float64Array(bins)
  for (const { confidence, correct } of outcomes) {
    const bin = Math.min(bins - 1, Math.floor(confidence * bins))
    gaps[bin] = (gaps[bin] ?? 0) + Number(correct) - confidence
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / outcomes.length
}
