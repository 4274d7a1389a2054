import { acceptedNeeded, assertTarget, type Target } from '../bounds/accepted-needed.js'
import { binomialCdf, errorUpperBound } from '../bounds/binomial.js'
import { hoeffdingBentkus, lossUpperBound } from '../bounds/hoeffding-bentkus.js'
import type { Certificate, Outcome, Refusal } from './outcome.js'

/** What is published from one threshold on, among the calibration items. */
export interface Step {
  readonly at: number
  readonly n: number
  /** Wrong ones among the n. */
  readonly k: number
  /** Sum of the losses of the n, each 0..1; absent where an error is the only loss. */
  readonly loss?: number
}

export interface SequenceOptions {
  /**
   * From how many thresholds the sequence is begun at most, default 1: the strictest that could pass. With one start a
   * single error among the surest few items ends the search. With J starts, each at twice the items of the one before, each
   * is allowed delta / J, and what an unbroken run has collected goes on with it (fallback procedure, Wiens and
   * Dmitrienko 2005). There are never more starts than the number of items has room for.
   */
  readonly starts?: number
  /**
   * Errors that the first start outlives, default 0: it is put where so many errors still pass. Labels of real contents are
   * sometimes wrong among the surest too. The price is that nothing smaller can be certified; it is lowered where there are
   * too few items.
   */
  readonly outlives?: number
}

interface Judged {
  readonly step: Step
  readonly level: number
}

/**
 * Fixed-sequence learn-then-test (Angelopoulos et al. 2021, algorithm 1): thresholds are tested from strict to loose, and
 * the loosest that passed is certified. P(what is published breaks alpha) <= delta for exchangeable items, whatever the
 * model. Where the sequence begins depends on the number of items only: the first with (1 - alpha)^n <= level, or later with
 * `outlives`.
 * @param steps by strictly falling threshold
 * @throws DECISION_INPUT_INVALID where the target is not inside 0..1
 */
export const certifySequence = (steps: readonly Step[], target: Target, options: SequenceOptions = {}): Outcome => {
  assertTarget(target)
  const { begins, share } = beginnings(steps, target, options)
  let budget = 0
  let passed: Judged | undefined
  let failed: Judged | undefined
  for (const [index, step] of steps.entries()) {
    if (begins.has(index)) budget += share
    if (budget === 0) continue
    const judged = { step, level: budget }
    if (pValue(step, target.alpha) <= budget) passed = judged
    else {
      failed ??= judged
      budget = 0
    }
  }
  if (passed !== undefined) return certificate(passed, target)
  return refusal(failed ?? { step: steps.at(-1) ?? none, level: share }, target, failed === undefined)
}

const none: Step = { at: 1, n: 0, k: 0 }

interface Beginnings {
  /** Indexes of the steps at which the sequence begins; none where there are too few items. */
  readonly begins: ReadonlySet<number>
  /** What each start is allowed. */
  readonly share: number
}

/** Where the sequence begins: from numbers of items alone, never from errors, or the test would not hold. */
const beginnings = (
  steps: readonly Step[],
  { alpha, delta }: Target,
  { starts = 1, outlives = 0 }: SequenceOptions,
): Beginnings => {
  const most = steps.at(-1)?.n ?? 0
  const share = delta / starts
  const needed = acceptedNeeded({ alpha, delta: share, errors: outlives })
  if (starts > 1 && needed * 2 ** (starts - 1) > most)
    return beginnings(steps, { alpha, delta }, { starts: starts - 1, outlives })
  if (outlives > 0 && needed > most) return beginnings(steps, { alpha, delta }, { starts, outlives: outlives - 1 })
  const begins = Array.from({ length: starts }, (_, start) => steps.findIndex(({ n }) => n >= needed * 2 ** start))
  return { begins: new Set(begins.filter((index) => index >= 0)), share }
}

const pValue = ({ n, k, loss }: Step, alpha: number): number =>
  loss === undefined ? binomialCdf(k, n, alpha) : hoeffdingBentkus(loss / n, n, alpha)

const certificate = ({ step: { at, n, k, loss }, level }: Judged, target: Target): Certificate => ({
  kind: 'certified',
  at,
  n,
  k,
  bound: loss === undefined ? errorUpperBound(k, n, level) : lossUpperBound(loss / n, n, level),
  ...target,
  level,
})

const refusal = ({ step: { n, k }, level }: Judged, target: Target, isTooFew: boolean): Refusal => {
  const needed = acceptedNeeded({ alpha: target.alpha, delta: level, errors: isTooFew ? 0 : k })
  return {
    kind: 'refused',
    because: isTooFew ? 'too-few-items' : 'too-many-errors',
    n,
    k,
    needed,
    ...target,
    level,
    message: isTooFew
      ? `needs ${needed} audited items with no error; you have ${n}`
      : `${k} errors among the ${n} surest items; needs ${needed} items with that many errors`,
  }
}
