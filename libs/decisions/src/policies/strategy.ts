import type { Publish } from '@reeltag/contracts'
import type { TreeShape } from '../compiled-tree.js'

/** What is known of one content, by node number. */
export interface Scores {
  /** Calibrated probability that the content belongs under the node. This is what is published as confidence. */
  readonly probabilities: Float64Array
  /** By what nodes are put in order: the probabilities, or those with the per-class scale. */
  readonly ranks: Float64Array
  /** What the head gave, as it gave it: of leaves only, and -Infinity of all other nodes. */
  readonly logits: Float64Array
}

/** One way to choose what is published. */
export interface Strategy<P extends Publish> {
  /**
   * @returns node numbers: at most one of a `single` tree; of a `multi` tree none that stands above another. None lies
   * under a node that the policy rejects.
   */
  choose(tree: TreeShape, scores: Scores, publish: P): number[]
  /** The policy in words, for operators. */
  describe(publish: P): string
}

/** How many nodes a policy may publish in this tree, where it asks for so many. */
export const publishedMax = ({ kind }: TreeShape, asked: number): number => (kind === 'single' ? 1 : asked)
