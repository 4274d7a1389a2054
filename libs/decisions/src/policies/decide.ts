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
  const published = strategyOf(publish).choose(tree, scores, publish)
  const taken = new Set(published)
  const left = taken.size === 0 ? tree.leaves : tree.leaves.filter((leaf) => !taken.has(leaf))
  const candidates = largest(left, scores.ranks, candidatesMax)
  return { decision: judge(tree, published), published, candidates }
}

const judge = (tree: TreeShape, published: readonly number[]): Decision => {
  if (published.length === 0) return 'review'
  return published.every((node) => isLeafNumber(tree, node)) ? 'published' : 'published-ancestor'
}
