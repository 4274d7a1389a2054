import type { Decision } from '@reeltag/contracts'
import { isLeaf, nodesOf, type LabelTree, type Nested } from '../label-tree.js'

export interface ScoredNode<N> {
  readonly node: N
  /** Calibrated probability that the content belongs under the node. */
  readonly probability: number
}

export interface FacetDecision<N> {
  readonly decision: Decision
  /** What may be published: at most one node of a `single` tree; empty where none is sure enough. */
  readonly published: readonly ScoredNode<N>[]
  /** The likeliest leaves that are not published, for a reviewer. */
  readonly candidates: readonly ScoredNode<N>[]
}

const candidatesMax = 3

/**
 * Decides what is published. In a `single` tree it walks from the likeliest root to its likeliest child and so on, and
 * takes the deepest node on that way whose probability reaches `publishAt`. The walk is from the top because a coarse
 * answer that is right is worth more than a fine one that is wrong: the likeliest leaf may hang under an unlikely branch.
 * It misses nothing: where `publishAt` is above one half, a node that reaches it has likelier ancestors and only
 * unlikelier siblings, so it lies on the way. In a `multi` tree it takes every such node that has none below it.
 */
export const decide = <N extends Nested<N>>(
  { kind, roots }: LabelTree<N>,
  probabilities: ReadonlyMap<string, number>,
  publishAt: number,
): FacetDecision<N> => {
  const score = (node: N): ScoredNode<N> => ({ node, probability: probabilities.get(node.id) ?? 0 })
  const passes = ({ probability }: ScoredNode<N>): boolean => probability >= publishAt
  const published =
    kind === 'single'
      ? likeliestWay(roots, score).filter(passes).slice(-1)
      : nodesOf(roots)
          .map(score)
          .filter((scored) => passes(scored) && !scored.node.children.map(score).some(passes))
  const taken = new Set(published.map(({ node }) => node))
  const leaves = nodesOf(roots).filter((node) => isLeaf(node) && !taken.has(node))
  const candidates = leaves.map(score).sort(byProbability).slice(0, candidatesMax)
  return { decision: judge(published), published, candidates }
}

const judge = (published: readonly ScoredNode<Nested<unknown>>[]): Decision => {
  if (published.length === 0) return 'review'
  return published.every(({ node }) => isLeaf(node)) ? 'published' : 'published-ancestor'
}

// Stable: of equals the first in the taxonomy comes first, in whatever order the logits were.
const byProbability = (a: { readonly probability: number }, b: { readonly probability: number }): number =>
  b.probability - a.probability

const likeliestWay = <N extends Nested<N>>(level: readonly N[], score: (node: N) => ScoredNode<N>): ScoredNode<N>[] => {
  const [best] = level.map(score).sort(byProbability)
  return best === undefined ? [] : [best, ...likeliestWay(best.node.children, score)]
}
