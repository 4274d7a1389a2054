import type { Target } from '../bounds/accepted-needed.js'
import { assertShare } from '../bounds/checks.js'
import { certifySequence, type SequenceOptions, type Step } from './fixed-sequence.js'
import type { Outcome } from './outcome.js'

/** One audited item and what was predicted for it. */
export interface AuditedRow {
  /** Calibrated confidence of what was predicted, 0..1. */
  readonly score: number
  readonly correct: boolean
  /** How bad an error is, 0..1, where not all are equal. Given for all rows or for none. */
  readonly loss?: number
}

/**
 * The lowest threshold from which what is published keeps the target, or why there is none. The rows have to be drawn
 * like what will be published: a uniform sample of later date than the fit, not what reviewers picked.
 * @throws DECISION_INPUT_INVALID where a score or a loss is not in 0..1
 */
export const certify = (rows: readonly AuditedRow[], target: Target, options?: SequenceOptions): Outcome =>
  certifySequence(
    stepsOf(
      rows.map((row) => {
        assertShare('score', row.score)
        if (row.loss !== undefined) assertShare('loss', row.loss)
        const change = { at: row.score, n: 1, k: row.correct ? 0 : 1 }
        return row.loss === undefined ? change : { ...change, loss: row.loss }
      }),
    ),
    target,
    options,
  )

/** Adds up changes into one step for each distinct threshold, from strict to loose. */
export const stepsOf = (changes: readonly Step[]): Step[] => {
  const hasLoss = changes.some(({ loss }) => loss !== undefined)
  const steps: Step[] = []
  let [n, k, loss] = [0, 0, 0]
  const sorted = changes.toSorted((a, b) => b.at - a.at)
  for (const [index, change] of sorted.entries()) {
    n += change.n
    k += change.k
    loss += change.loss ?? 0
    // Items of one score are published together or not at all.
    if (sorted[index + 1]?.at === change.at) continue
    steps.push(hasLoss ? { at: change.at, n, k, loss } : { at: change.at, n, k })
  }
  return steps
}
