import type { Target } from '../bounds/accepted-needed.js'
import { assertShare } from '../bounds/checks.js'
import { stepsOf } from './certify.js'
import { certifySequence, type SequenceOptions, type Step } from './fixed-sequence.js'
import type { Outcome } from './outcome.js'

/** A node on the likeliest way of one item. */
export interface WayNode {
  /** Probability that the item belongs under the node, 0..1; never above that of the node before. */
  readonly score: number
  readonly correct: boolean
}

/**
 * One threshold for a whole facet under back-off: each item is published at the deepest node of its likeliest way that
 * reaches it. What is certified is the error of what is published, at whatever depth. A threshold for each level would not
 * promise that: items that only reach the parent are harder than all that reach it, since the sure ones went deeper.
 * As the threshold falls, an item may turn from a right parent to a wrong child; the test does not need the error to be
 * monotone.
 * @param ways for each calibration item its likeliest way, from the root down
 * @throws DECISION_INPUT_INVALID where a score is not in 0..1
 */
export const certifyBackOff = (
  ways: readonly (readonly WayNode[])[],
  target: Target,
  options?: SequenceOptions,
): Outcome => certifySequence(stepsOf(ways.flatMap(changesOf)), target, options)

const changesOf = (way: readonly WayNode[]): Step[] => {
  let [lowest, wrongBefore] = [1, 0]
  return way.map(({ score, correct }, depth) => {
    assertShare('score', score)
    // Rounding may lift a child above its parent; it is published with the parent then.
    lowest = Math.min(lowest, score)
    const wrong = correct ? 0 : 1
    const change = { at: lowest, n: depth === 0 ? 1 : 0, k: wrong - wrongBefore }
    wrongBefore = wrong
    return change
  })
}
