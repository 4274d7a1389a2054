import type { Target } from '../bounds/accepted-needed.js'

/** From the score `at`, what is published keeps the target. */
export interface Certificate extends Target {
  readonly kind: 'certified'
  /** Publish where the score is at least this, 0..1. */
  readonly at: number
  /** Calibration items with at least that score, and how many of them were wrong. */
  readonly n: number
  readonly k: number
  /** Upper bound of the error rate (or of the expected loss) at `level`; never above `alpha`. */
  readonly bound: number
  /** Share of `delta` that this test was allowed: smaller where several groups or starts share it. */
  readonly level: number
}

/** No threshold could be proven. */
export interface Refusal extends Target {
  readonly kind: 'refused'
  readonly because: 'too-few-items' | 'too-many-errors'
  /** Items at the strictest threshold that was tested (all there are, where none was), and the errors among them. */
  readonly n: number
  readonly k: number
  /** Items that would do: without an error where there are too few, else with as many errors as there are. */
  readonly needed: number
  readonly level: number
  /** The same in words. */
  readonly message: string
}

export type Outcome = Certificate | Refusal
