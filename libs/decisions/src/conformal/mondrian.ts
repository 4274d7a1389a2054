import { ReeltagError } from '@reeltag/contracts'
import { assertAmount } from '../bounds/checks.js'
import { groupBy } from '../group-by.js'
import type { LabelTree, Nested } from '../label-tree.js'
import { poolUnderParents } from '../pool-under-parents.js'
import { withEveryClass } from './with-every-class.js'
import { conformalQuantile, scoresNeeded } from './quantile.js'
import { rapsScores, type RapsOptions } from './raps.js'

/** The true class of one calibration item, and the score that the item gives it. */
export interface TrueScore {
  readonly label: string
  /** As `rapsScores` computes it. */
  readonly score: number
}

export interface MondrianGroup {
  /** The class, or the branch under which rare classes are merged; null is the whole tree. */
  readonly node: string | null
  readonly members: readonly string[]
  readonly n: number
  /** null where there are too few scores: then every class of the group is a candidate. */
  readonly quantile: number | null
}

/** Data, to be stored as a versioned artefact. */
export interface Mondrian {
  readonly alpha: number
  readonly options: Required<RapsOptions>
  readonly groups: readonly MondrianGroup[]
}

export interface MondrianOptions extends RapsOptions {
  readonly alpha: number
  readonly scoresMin?: number
  readonly everyClass?: boolean
}

/**
 * One quantile for each class, so that the truth is among the candidates with 1 - alpha for every class and not only on
 * average (Mondrian conformal prediction, Vovk et al. 2005, section 4.5). Rare classes are merged into their parent; the
 * promise is then for the merged classes together.
 * @param scoresMin scores from which a class stands alone; default and least: what makes its quantile finite
 * @param everyClass classes without a score, and those that are left over at the root, join the group nearest to them.
 *   Otherwise each of them is always a candidate: where most classes are rare, sets are then too large to be read.
 * @throws DECISION_INPUT_INVALID where a label is not in the tree
 */
export const fitMondrian = <N extends Nested<N>>(
  tree: LabelTree<N>,
  rows: readonly TrueScore[],
  { alpha, scoresMin = 0, everyClass = false, ...options }: MondrianOptions,
): Mondrian => {
  for (const { score } of rows) assertAmount('score', score)
  const byClass = groupBy(rows, ({ label }) => label)
  const counts = new Map([...byClass].map(([id, own]) => [id, own.length]))
  const least = Math.max(scoresMin, scoresNeeded(alpha))
  const found = poolUnderParents(tree, counts, least)
  const pools = everyClass ? withEveryClass(tree, found, least) : found
  const groups = pools.map(({ node, members }) => {
    const scores = members.flatMap((id) => (byClass.get(id) ?? []).map(({ score }) => score))
    const quantile = conformalQuantile(scores, alpha)
    return { node, members, n: scores.length, quantile: Number.isFinite(quantile) ? quantile : null }
  })
  return { alpha, options: { penalty: options.penalty ?? 0.01, rankFree: options.rankFree ?? 5 }, groups }
}

export interface Candidate {
  readonly label: string
  readonly probability: number
}

/**
 * The classes among which the truth is with 1 - alpha, likeliest first. The likeliest class is always one of them: an
 * empty set would tell a reviewer nothing. A class that no calibration item had is a candidate too: nothing speaks
 * against it.
 * @param labels classes in the order of `probabilities`
 * @param unit random number of the item, the one that is stored
 */
export const candidatesOf = (
  { groups, options }: Mondrian,
  labels: readonly string[],
  probabilities: ArrayLike<number>,
  unit: number,
): Candidate[] => {
  if (labels.length !== probabilities.length)
    throw new ReeltagError(
      'DECISION_INPUT_INVALID',
      `${probabilities.length} probabilities for ${labels.length} labels`,
    )
  const quantiles = new Map(groups.flatMap(({ members, quantile }) => members.map((id) => [id, quantile ?? Infinity])))
  const scores = rapsScores(probabilities, unit, options)
  return labels
    .map((label, index) => ({ label, probability: probabilities[index] ?? 0, score: scores[index] ?? Infinity }))
    .sort((a, b) => b.probability - a.probability)
    .filter(({ label, score }, rank) => rank === 0 || score <= (quantiles.get(label) ?? Infinity))
    .map(({ label, probability }) => ({ label, probability }))
}
