/**
 * Softmax of `logits / temperature`, computed from differences to the largest logit so that nothing overflows.
 * @returns probabilities that sum to 1
 */
export const softmax = (logits: ArrayLike<number>, temperature = 1): number[] => {
  const values = Array.from(logits)
  const largest = values.reduce((max, value) => Math.max(max, value), -Infinity)
  const weights = values.map((value) => Math.exp((value - largest) / temperature))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
