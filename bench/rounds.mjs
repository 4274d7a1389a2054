// Figures that were taken several times: their spread, and contenders that take turns so that the machine's mood meets
// them all alike.

/**
 * @typedef {object} Spread One figure of every round, in the order of the rounds, and what they come to.
 * @property {number[]} rounds
 * @property {number} min
 * @property {number} median
 * @property {number} max
 */

/** @param {readonly number[]} values @param {number} q 0 to 1 */
export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]

/** @param {readonly number[]} values */
export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
}

/** Four digits are more than any of these figures can say twice. @param {number} value */
const rounded = (value) => Number(value.toPrecision(4))

/** @param {readonly number[]} values @returns {Spread} */
export const spreadOf = (values) => {
  const rounds = values.map(rounded)
  return { rounds, min: Math.min(...rounds), median: rounded(median(rounds)), max: Math.max(...rounds) }
}

/** What two contenders came to in the same round, as one ratio a round. @param {number[]} own @param {number[]} peer */
export const ratios = (own, peer) => own.map((value, round) => value / peer[round])

/**
 * Every contender once a round. Rounds before the first one warm up and do not count.
 * @template T
 * @param {{ readonly [name: string]: (round: number) => T | Promise<T> }} contenders
 * @param {{ rounds: number, warmUps?: number, say?: (line: string) => void }} options
 * @returns {Promise<Record<string, T[]>>} what each answered in the rounds that count
 */
export const inTurns = async (contenders, { rounds, warmUps = 0, say = () => undefined }) => {
  /** @type {Record<string, T[]>} */
  const answers = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 1 - warmUps; round <= rounds; round++) {
    for (const [name, once] of Object.entries(contenders)) {
      say(round < 1 ? `${name}, warming up` : `${name}, round ${round} of ${rounds}`)
      const answer = await once(round)
      if (round >= 1) answers[name].push(answer)
    }
  }
  return answers
}
