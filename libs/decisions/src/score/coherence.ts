import { ReeltagError } from '@reeltag/contracts'
import { isLeaf, type LabelNode, type LabelTree } from '../label-tree.js'
import { softmax } from './softmax.js'

/**
 * Probabilities of all nodes from the logits of the leaves. In a `single` tree the leaves exclude each other: softmax, and
 * an inner node is the sum of its leaves. In a `multi` tree each leaf stands alone: sigmoid, and an inner node is its
 * likeliest leaf. Either way no node is likelier than its parent.
 * @param leaves ids in the order of the logits
 * @throws INFERENCE_FAILED where a logit is missing or not finite
 */
export const nodeProbabilities = (
  { kind, roots }: LabelTree,
  leaves: readonly string[],
  logits: ArrayLike<number>,
  temperature: number,
): Map<string, number> => {
  assertLogits(leaves, logits)
  const ofLeaves = kind === 'single' ? softmax(logits, temperature) : sigmoid(logits, temperature)
  const probabilities = new Map(leaves.map((id, index) => [id, ofLeaves[index] ?? 0]))
  // Rounding may carry a sum past 1 by an ulp.
  const join = (values: readonly number[]): number =>
    kind === 'single'
      ? Math.min(
          1,
          values.reduce((sum, value) => sum + value, 0),
        )
      : Math.max(...values)
  const add = (node: LabelNode): number => {
    const probability = isLeaf(node) ? (probabilities.get(node.id) ?? 0) : join(node.children.map(add))
    probabilities.set(node.id, probability)
    return probability
  }
  for (const root of roots) add(root)
  return probabilities
}

const assertLogits = (leaves: readonly string[], logits: ArrayLike<number>): void => {
  if (logits.length !== leaves.length)
    throw new ReeltagError('INFERENCE_FAILED', `${logits.length} logits for ${leaves.length} leaves`)
  const index = Array.from(logits).findIndex((logit) => !Number.isFinite(logit))
  if (index >= 0)
    throw new ReeltagError('INFERENCE_FAILED', `the logit of ${leaves[index]} is ${logits[index]}, not a finite number`)
}

const sigmoid = (logits: ArrayLike<number>, temperature: number): number[] =>
  Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit / temperature)))
