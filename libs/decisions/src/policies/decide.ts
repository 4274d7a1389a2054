import type { Decision, Publish } from '@reeltag/contracts'
import { isLeaf, nodesOf, type LabelTree, type Nested } from '../label-tree.js'
import { strategyOf } from './strategies.js'
import { byProbability, type ScoredNode } from './strategy.js'

export interface FacetDecision<N> {
  readonly decision: Decision
  /** What may be published: at most one node of a `single` tree; empty where none is sure enough. */
  readonly published: readonly ScoredNode<N>[]
  /** The likeliest leaves that are not published, for a reviewer. */
  readonly candidates: readonly ScoredNode<N>[]
}

const candidatesMax = 3

/** What one facet's policy makes of its probabilities. */
export const decide = <N extends Nested<N>>(
  tree: LabelTree<N>,
  probabilities: ReadonlyMap<string, number>,
  publish: Publish,
): FacetDecision<N> => {
  const score = (node: N): ScoredNode<N> => ({ node, probability: probabilities.get(node.id) ?? 0 })
  const published = strategyOf(publish).choose(tree, score, publish)
  const taken = new Set(published.map(({ node }) => node))
  const leaves = nodesOf(tree.roots).filter((node) => isLeaf(node) && !taken.has(node))
  const candidates = leaves.map(score).sort(byProbability).slice(0, candidatesMax)
  return { decision: judge(published), published, candidates }
}

const judge = (published: readonly ScoredNode<Nested<unknown>>[]): Decision => {
  if (published.length === 0) return 'review'
  return published.every(({ node }) => isLeaf(node)) ? 'published' : 'published-ancestor'
}
