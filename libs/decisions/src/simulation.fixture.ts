export { seededRandom as seeded } from './scale/seeded-random.js'

/** Standard normal (Box and Muller). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Draws an index with probability in proportion to its weight. */
export const indexDrawer = (weights: ArrayLike<number>): ((random: () => number) => number) => {
  let total = 0
  const sums = Array.from(weights, (weight) => (total += weight))
  return (random) => {
    const at = random() * total
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? total) > at) high = middle
      else low = middle + 1
    }
    return low
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
