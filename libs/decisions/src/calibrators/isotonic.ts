import type { Isotonic } from './calibrator.js'

// scikit-learn's resolution of float64: scores closer than this are one.
const resolution = 1e-15

interface Block {
  sum: number
  weight: number
  /** Points from the last one of the block before to this one. */
  points: number
}

/**
 * Least squares among rising functions, by pooling adjacent violators. Equal scores become one point with their mean, as in
 * scikit-learn's IsotonicRegression; points on a level between two others are left out.
 * Ayer et al., 1955; Barlow et al., "Statistical inference under order restrictions", 1972.
 * @param scores finite, one or more
 * @param labels as many, usually 0 or 1
 */
export const fitIsotonic = (scores: ArrayLike<number>, labels: ArrayLike<number>): Isotonic => {
  const { x, y, weights } = unique(scores, labels)
  return { kind: 'isotonic', ...trimmed(x, poolAdjacentViolators(y, weights)) }
}

/**
 * The rising sequence that is nearest to `y` in weighted squares.
 * @returns as many values as `y`
 */
export const poolAdjacentViolators = (y: readonly number[], weights: readonly number[]): number[] => {
  const blocks: Block[] = []
  y.forEach((value, i) => {
    const weight = weights[i] ?? 1
    let block: Block = { sum: value * weight, weight, points: 1 }
    for (let last = blocks.at(-1); last !== undefined && meanOf(last) >= meanOf(block); last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, points: last.points + block.points }
      blocks.pop()
    }
    blocks.push(block)
  })
  return blocks.flatMap((block) => Array.from({ length: block.points }, () => meanOf(block)))
}

/** On the polyline, and level beyond its ends. */
export const interpolate = ({ x, y }: Isotonic, score: number): number => {
  const last = x.length - 1
  if (score <= (x[0] ?? 0)) return y[0] ?? 0
  if (score >= (x[last] ?? 0)) return y[last] ?? 0
  let [from, to] = [0, last]
  while (to - from > 1) {
    const middle = (from + to) >> 1
    if ((x[middle] ?? 0) <= score) from = middle
    else to = middle
  }
  const [x0, x1, y0, y1] = [x[from] ?? 0, x[to] ?? 0, y[from] ?? 0, y[to] ?? 0]
  return y0 + ((y1 - y0) * (score - x0)) / (x1 - x0)
}

const meanOf = ({ sum, weight }: Block): number => sum / weight

const unique = (scores: ArrayLike<number>, labels: ArrayLike<number>) => {
  const order = Array.from({ length: scores.length }, (_, i) => i)
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || (labels[a] ?? 0) - (labels[b] ?? 0))
  const x: number[] = []
  const sums: number[] = []
  const weights: number[] = []
  for (const i of order) {
    const score = scores[i] ?? 0
    if (x.length === 0 || score - (x.at(-1) ?? 0) >= resolution) {
      x.push(score)
      sums.push(0)
      weights.push(0)
    }
    sums[x.length - 1] = (sums[x.length - 1] ?? 0) + (labels[i] ?? 0)
    weights[x.length - 1] = (weights[x.length - 1] ?? 0) + 1
  }
  return { x, weights, y: sums.map((sum, i) => sum / (weights[i] ?? 1)) }
}

const trimmed = (x: readonly number[], y: readonly number[]) => {
  const isKept = (_: number, i: number): boolean =>
    i === 0 || i === y.length - 1 || y[i] !== y[i - 1] || y[i] !== y[i + 1]
  return { x: x.filter(isKept), y: y.filter(isKept) }
}
