import { ReeltagError } from '@reeltag/contracts'
import type { TreeShape } from '../compiled-tree.js'
import { sigmoids, softmax } from './softmax.js'

/**
 * Probabilities of all nodes from the logits of the leaves. In a `single` tree the leaves exclude each other: softmax, and
 * an inner node is the sum of its leaves. In a `multi` tree each leaf stands alone: sigmoid, and an inner node is its
 * likeliest leaf. Either way no node is likelier than its parent.
 * @param logits in the order of the tree's `logitIds`
 * @returns by node number
 * @throws INFERENCE_FAILED where a logit is missing or not finite
 */
export const nodeProbabilities = (tree: TreeShape, logits: ArrayLike<number>, temperature: number): Float64Array => {
  assertLogits(tree.logitIds, logits)
  const probabilities = new Float64Array(tree.ids.length)
  if (tree.kind === 'single') softmax(logits, temperature, { into: probabilities, at: tree.logitNodes })
  else sigmoids(logits, temperature, { into: probabilities, at: tree.logitNodes })
  joinUp(tree, probabilities)
  return probabilities
}

/** Figures of the logits by node number, and `otherwise` for nodes that have no logit. */
export const byNode = (
  { ids, logitNodes }: TreeShape,
  ofLogits: ArrayLike<number>,
  otherwise: number,
): Float64Array => {
  const figures = new Float64Array(ids.length).fill(otherwise)
  for (let i = 0; i < logitNodes.length; i++) {
    const node = logitNodes[i] ?? -1
    if (node >= 0) figures[node] = ofLogits[i] ?? otherwise
  }
  return figures
}

/** How a `multi` tree is made coherent: an inner node rises to its likeliest child, or a child falls to its parent. */
export type MultiCoherence = 'max-up' | 'min-down'

/**
 * Makes probabilities coherent again after each node was changed by a map of its own. In a `single` tree the leaves are
 * renormalised to sum to 1, and inner nodes become their sums; leaves that are all 0 are left alone. In a `multi` tree no
 * child stays likelier than its parent. Giunchiglia and Lukasiewicz, "Coherent hierarchical multi-label classification
 * networks", 2020 (max-up).
 * @param probabilities by node number, each in [0, 1]; changed in place
 */
export const restoreCoherence = (
  tree: TreeShape,
  probabilities: Float64Array,
  multi: MultiCoherence = 'max-up',
): void => {
  if (tree.kind === 'single') {
    renormalise(tree.leaves, probabilities)
    joinUp(tree, probabilities)
  } else if (multi === 'max-up') raiseParents(tree, probabilities)
  else lowerChildren(tree, probabilities)
}

const renormalise = (leaves: Int32Array, probabilities: Float64Array): void => {
  let sum = 0
  for (const leaf of leaves) sum += probabilities[leaf] ?? 0
  if (sum === 0) return
  for (const leaf of leaves) probabilities[leaf] = (probabilities[leaf] ?? 0) / sum
}

const joinUp = (tree: TreeShape, probabilities: Float64Array): void => {
  const { kind, children, childrenFrom } = tree
  // Children have greater numbers than their parent, so they are ready when it is their parent's turn.
  for (let node = probabilities.length - 1; node >= 0; node--) {
    const from = childrenFrom[node] ?? 0
    const to = childrenFrom[node + 1] ?? 0
    if (from === to) continue
    let joined = 0
    for (let i = from; i < to; i++) {
      const child = probabilities[children[i] ?? 0] ?? 0
      joined = kind === 'single' ? joined + child : Math.max(joined, child)
    }
    // Rounding may carry a sum past 1 by an ulp.
    probabilities[node] = Math.min(1, joined)
  }
}

const raiseParents = ({ parents }: TreeShape, probabilities: Float64Array): void => {
  for (let node = probabilities.length - 1; node >= 0; node--) {
    const parent = parents[node] ?? -1
    if (parent >= 0) probabilities[parent] = Math.max(probabilities[parent] ?? 0, probabilities[node] ?? 0)
  }
}

const lowerChildren = ({ parents }: TreeShape, probabilities: Float64Array): void => {
  for (let node = 0; node < probabilities.length; node++) {
    const parent = parents[node] ?? -1
    if (parent >= 0) probabilities[node] = Math.min(probabilities[parent] ?? 0, probabilities[node] ?? 0)
  }
}

const assertLogits = (leaves: readonly string[], logits: ArrayLike<number>): void => {
  if (logits.length !== leaves.length)
    throw new ReeltagError('INFERENCE_FAILED', `${logits.length} logits for ${leaves.length} leaves`)
  for (let i = 0; i < logits.length; i++)
    if (!Number.isFinite(logits[i]))
      throw new ReeltagError('INFERENCE_FAILED', `the logit of ${leaves[i]} is ${logits[i]}, not a finite number`)
}
