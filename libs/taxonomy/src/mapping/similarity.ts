import { ReeltagError } from '@reeltag/contracts'
import { normalise } from '../source/normalise.js'

/** How alike two texts are; more is more. The scale is the function's own. */
export type Similarity = (one: string, other: string) => number

const gramLengthMax = 3

const gramsOf = (text: string): Map<string, number> => {
  const characters = [
    ...` ${normalise(text)
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `,
  ]
  const counts = new Map<string, number>()
  for (let length = 1; length <= gramLengthMax; length += 1)
    for (let start = 0; start + length <= characters.length; start += 1) {
      const gram = characters.slice(start, start + length).join('')
      if (gram.trim() !== '') counts.set(gram, (counts.get(gram) ?? 0) + 1)
    }
  return counts
}

/**
 * Cosine of the counts of runs of one to three characters, 0 to 1. It sees spelling and not meaning: a word and its
 * translation have nothing in common.
 */
export const nGramSimilarity = (): Similarity => {
  const seen = new Map<string, Grams>()
  const grams = (text: string): Grams => {
    const found = seen.get(text)
    if (found !== undefined) return found
    const counts = gramsOf(text)
    const made = { counts, norm: Math.hypot(...counts.values()) }
    seen.set(text, made)
    return made
  }
  return (one, other) => {
    const [left, right] = [grams(one), grams(other)]
    let dot = 0
    for (const [gram, count] of left.counts) dot += count * (right.counts.get(gram) ?? 0)
    return dot === 0 ? 0 : dot / (left.norm * right.norm)
  }
}

interface Grams {
  readonly counts: ReadonlyMap<string, number>
  readonly norm: number
}

/**
 * Cosine of vectors that an encoder made, −1 to 1.
 * @param vectors one for each text that will be asked for, all of one length
 * @throws MAPPING_INVALID for a text without a vector
 */
export const vectorSimilarity = (vectors: ReadonlyMap<string, ArrayLike<number>>): Similarity => {
  const units = new Map([...vectors].map(([text, vector]) => [text, unit(vector)]))
  const of = (text: string): Float64Array => {
    const found = units.get(text)
    if (found === undefined) throw new ReeltagError('MAPPING_INVALID', `there is no vector for "${text}"`)
    return found
  }
  return (one, other) => {
    const right = of(other)
    return of(one).reduce((dot, value, index) => dot + value * (right[index] ?? 0), 0)
  }
}

const unit = (vector: ArrayLike<number>): Float64Array => {
  const values = Float64Array.from(vector)
  const norm = Math.hypot(...values)
  return norm === 0 ? values : values.map((value) => value / norm)
}
