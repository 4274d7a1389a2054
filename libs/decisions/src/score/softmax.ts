/**
 * Softmax of `logits / temperature`, computed from differences to the largest logit so that nothing overflows.
 * @returns probabilities that sum to 1
 */
export const softmax = (logits: ArrayLike<number>, temperature = 1): Float64Array => {
  const weights = new Float64Array(logits.length)
  let largest = -Infinity
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i] ?? NaN)
  let sum = 0
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp(((logits[i] ?? NaN) - largest) / temperature)
    weights[i] = weight
    sum += weight
  }
  for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] ?? NaN) / sum
  return weights
}

/** Sigmoid of `logits / temperature`, each by itself. */
export const sigmoids = (logits: ArrayLike<number>, temperature = 1): Float64Array => {
  const probabilities = new Float64Array(logits.length)
  for (let i = 0; i < logits.length; i++) probabilities[i] = sigmoid((logits[i] ?? NaN) / temperature)
  return probabilities
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))
