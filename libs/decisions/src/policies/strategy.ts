import type { Publish } from '@reeltag/contracts'
import type { LabelTree, Nested } from '../label-tree.js'

export interface ScoredNode<N> {
  readonly node: N
  /** Calibrated probability that the content belongs under the node. */
  readonly probability: number
}

/** One way to choose what is published. */
export interface Strategy<P extends Publish> {
  /** At most one node of a `single` tree; of a `multi` tree none that stands above another. */
  choose<N extends Nested<N>>(tree: LabelTree<N>, score: (node: N) => ScoredNode<N>, publish: P): ScoredNode<N>[]
  /** The policy in words, for operators. */
  describe(publish: P): string
}

// Stable: of equals the first in the taxonomy comes first, in whatever order the logits were.
export const byProbability = (a: { readonly probability: number }, b: { readonly probability: number }): number =>
  b.probability - a.probability
