import { assertTarget, type Target } from '../bounds/accepted-needed.js'

/** What is known after some audits of one class. Data, to be stored; a new watch starts from `newWatch`. */
export interface PromiseWatch extends Target {
  readonly audits: number
  readonly errors: number
  /** Evidence for each alternative rate, summed over all audits at which the change may have come. */
  readonly evidence: readonly number[]
  /** Audits at the alarm; null while there is none. It stays: a promise is given anew with a new watch. */
  readonly alarmAt: number | null
}

// How many times the odds of an error have grown. Close ones find small drifts, far ones find large drifts fast.
const oddsGrowths = [1.5, 2, 3, 5, 10]

/**
 * A watch over the promise that at most `alpha` of what is published is wrong. `delta` is the probability of a false
 * alarm, over all audits together and however long the watch goes on. Where many classes are watched, give each a share.
 * @throws DECISION_INPUT_INVALID where one of them is not inside 0..1
 */
export const newWatch = ({ alpha, delta }: Target): PromiseWatch => {
  assertTarget({ alpha, delta })
  return { alpha, delta, audits: 0, errors: 0, evidence: oddsGrowths.map(() => 0), alarmAt: null }
}

/**
 * Adds one audit of the uniform stream, in the order in which they were made.
 *
 * The test is an e-process: a mixture of likelihood ratios of higher rates against alpha, each over all times at which
 * the change may have come, with weight 1/(s(s+1)) for a change before audit s. While the rate is at most alpha it is a
 * supermartingale that starts at 1, so it reaches 1/delta with probability delta at most (Ville 1939; mixtures: Robbins
 * 1970; betting on bounded means: Waudby-Smith and Ramdas 2024; sums over the time of change: Shin, Ramdas and Rinaldo
 * 2024). Looking after every audit is therefore allowed. The weights let a change be found long after a good start.
 */
export const watchAudit = (watch: PromiseWatch, wrong: boolean): PromiseWatch => {
  const audits = watch.audits + 1
  const begins = 1 / (audits * (audits + 1))
  const evidence = watch.evidence.map(
    (sum, index) => (sum + begins) * ratio(watch.alpha, oddsGrowths[index] ?? 1, wrong),
  )
  const next = { ...watch, audits, errors: watch.errors + Number(wrong), evidence }
  const alarmAt = watch.alarmAt ?? (evidenceOf(next) >= 1 / watch.delta ? audits : null)
  return { ...next, alarmAt }
}

/** How much the audits speak against the promise: 1 says nothing, 1/delta raises the alarm. */
export const evidenceOf = ({ evidence, audits }: PromiseWatch): number => {
  const mean = evidence.reduce((sum, value) => sum + value, 0) / evidence.length
  // The weight of all changes that are still to come.
  return mean + 1 / (audits + 1)
}

/** Probability of this audit under the higher rate over that under alpha. */
const ratio = (alpha: number, growth: number, wrong: boolean): number => {
  // With odds o = alpha / (1 - alpha): rate = growth·o / (1 + growth·o).
  const rest = 1 - alpha + growth * alpha
  return wrong ? growth / rest : 1 / rest
}
