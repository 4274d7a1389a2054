import type { Decision, Publish } from '@reeltag/contracts'
import { isLeafNumber, type TreeShape } from '../compiled-tree.js'
import { largest } from './largest.js'
import { strategyOf } from './strategies.js'
import type { Scores } from './strategy.js'

export interface FacetDecision {
  readonly decision: Decision
  /** Numbers of the nodes that may be published: at most one of a `single` tree; empty where none is sure enough. */
  readonly published: readonly number[]
  /** The likeliest leaves that are not published, for a reviewer. */
  readonly candidates: readonly number[]
}

const candidatesMax = 3

/** What one facet's policy makes of its scores. */
export const decide = (tree: TreeShape, scores: Scores, publish: Publish): FacetDecision => {
  const { decision, published } = choose(tree, scores, publish)
  return { decision, published, candidates: likeliestBeside(tree, scores, published) }
}

/** The same without candidates, which only a reviewer needs. */
export const choose = (tree: TreeShape, scores: Scores, publish: Publish): Omit<FacetDecision, 'candidates'> => {
  const published = strategyOf(publish).choose(tree, scores, publish)
  return { decision: judge(tree, published), published }
}

/** The likeliest leaves that are not published, for a reviewer of whom nothing better is known. */
export const likeliestBeside = (tree: TreeShape, { ranks }: Scores, published: readonly number[]): number[] => {
  // One that is published may be among the likeliest, so one more is looked for: quicker than leaving it out before.
  if (published.length <= 1)
    return largest(tree.leaves, ranks, candidatesMax + published.length)
      .filter((leaf) => leaf !== published[0])
      .slice(0, candidatesMax)
  const taken = new Set(published)
  return largest(
    tree.leaves.filter((leaf) => !taken.has(leaf)),
    ranks,
    candidatesMax,
  )
}

const judge = (tree: TreeShape, published: readonly number[]): Decision => {
  if (published.length === 0) return 'review'
  return published.every((node) => isLeafNumber(tree, node)) ? 'published' : 'published-ancestor'
}
