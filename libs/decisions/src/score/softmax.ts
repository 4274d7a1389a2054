/** Where figures are written: figure `i` to `into[at[i]]`, or nowhere where that is -1. Millions of results need no copy. */
interface Places {
  readonly into: Float64Array
  readonly at: Int32Array
}

/**
 * Softmax of `logits / temperature`, computed from differences to the largest logit so that nothing overflows.
 * @returns probabilities that sum to 1, in the order of the logits unless `places` says otherwise
 */
export const softmax = (logits: ArrayLike<number>, temperature = 1, places = inOrder(logits.length)): Float64Array => {
  const { into, at } = places
  let largest = -Infinity
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i] ?? NaN)
  let sum = 0
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp(((logits[i] ?? NaN) - largest) / temperature)
    const place = at[i] ?? -1
    if (place >= 0) into[place] = weight
    sum += weight
  }
  for (let i = 0; i < logits.length; i++) {
    const place = at[i] ?? -1
    if (place >= 0) into[place] = (into[place] ?? NaN) / sum
  }
  return into
}

/** Sigmoid of `logits / temperature`, each by itself, in the order of the logits unless `places` says otherwise. */
export const sigmoids = (logits: ArrayLike<number>, temperature = 1, places = inOrder(logits.length)): Float64Array => {
  const { into, at } = places
  for (let i = 0; i < logits.length; i++) {
    const place = at[i] ?? -1
    if (place >= 0) into[place] = sigmoid((logits[i] ?? NaN) / temperature)
  }
  return into
}

const inOrder = (length: number): Places => ({
  into: new Float64Array(length),
  at: Int32Array.from({ length }, (_, index) => index),
})

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))
