import type { TreeShape } from '../compiled-tree.js'
import type { Scores } from '../policies/strategy.js'
import { candidatesOf, type Mondrian } from './mondrian.js'

/** More than a reviewer reads. */
export const candidatesShown = 20

export interface FacetCandidates {
  /** Node numbers, likeliest first. */
  readonly nodes: readonly number[]
  /** How many more the set has. A set that is cut promises nothing. */
  readonly leftOut: number
}

/** The conformal set of one content in one single facet. @param unit its random number, in [0, 1) */
export const facetCandidates = (
  tree: TreeShape,
  { probabilities }: Pick<Scores, 'probabilities'>,
  fitted: Mondrian,
  unit: number,
): FacetCandidates => {
  const leaves = [...tree.leaves]
  const numbers = new Map(leaves.map((leaf) => [tree.ids[leaf] ?? '', leaf]))
  const likely = leaves.map((leaf) => probabilities[leaf] ?? 0)
  const set = candidatesOf(fitted, [...numbers.keys()], likely, unit)
  const nodes = set.flatMap(({ label }) => numbers.get(label) ?? [])
  return { nodes: nodes.slice(0, candidatesShown), leftOut: Math.max(0, nodes.length - candidatesShown) }
}
