import { macroF1 } from '../metrics/f1.js'
import { particleSwarm } from './particle-swarm.js'
import { seededRandom } from './seeded-random.js'

/** A content whose class is known. */
export interface ScaleRow {
  /** Over the classes; the model must not have been trained on the content. */
  readonly logits: ArrayLike<number>
  /** Number of the class that is right. */
  readonly truth: number
}

export interface ClassScale {
  /** By class the logarithm of its weight, in [ln 0.2, ln 10]; a class that was not searched has 0. */
  readonly logWeights: readonly number[]
  /** Numbers of the classes that had enough positives. */
  readonly searched: readonly number[]
  /** Macro-F1 on the contents that were searched on. It flatters: report on others. */
  readonly macroF1: number
}

export interface ScaleOptions {
  readonly seed: number
  readonly particles?: number
  readonly iterations?: number
}

/** Fewer positives say nothing of a weight. */
export const positivesMin = 20
export const logWeightMin = Math.log(0.2)
export const logWeightMax = Math.log(10)
const penalty = 1e-3

/**
 * Searches the weights by class whose scaled logits, `z + ln w`, predict with the greatest macro-F1, less 1e-3 ‖ln w‖². Two
 * particles start from 1 for every class and from the log-odds rule ln(1 + 10 / n), so the answer is never worse than
 * either on these contents. The same seed gives the same weights.
 */
export const searchClassScale = (
  rows: readonly ScaleRow[],
  classes: number,
  { seed, particles = 40, iterations = 100 }: ScaleOptions,
): ClassScale => {
  const positives = new Int32Array(classes)
  for (const { truth } of rows) positives[truth] = (positives[truth] ?? 0) + 1
  const searched = [...positives.keys()].filter((c) => (positives[c] ?? 0) >= positivesMin)
  const spread = (position: Float64Array): Float64Array => {
    const logWeights = new Float64Array(classes)
    searched.forEach((c, d) => (logWeights[c] = position[d] ?? 0))
    return logWeights
  }
  const truth = Int32Array.from(rows, (row) => row.truth)
  const score = (logWeights: Float64Array): number => macroF1(truth, predictions(rows, logWeights))
  const fitness = (position: Float64Array): number =>
    score(spread(position)) - penalty * position.reduce((sum, value) => sum + value * value, 0)
  const { position } = particleSwarm(searched.length, fitness, {
    starts: [
      new Float64Array(searched.length),
      Float64Array.from(searched, (c) => Math.log(1 + 10 / (positives[c] ?? 1))),
    ],
    min: logWeightMin,
    max: logWeightMax,
    particles,
    iterations,
    random: seededRandom(seed),
  })
  const logWeights = spread(position)
  return { logWeights: [...logWeights], searched, macroF1: score(logWeights) }
}

/** Macro-F1 without and with the weights. @param rows contents that the weights were not searched on */
export const reportClassScale = (
  rows: readonly ScaleRow[],
  logWeights: ArrayLike<number>,
): { readonly before: number; readonly after: number } => {
  const truth = Int32Array.from(rows, (row) => row.truth)
  return { before: macroF1(truth, predictions(rows, [])), after: macroF1(truth, predictions(rows, logWeights)) }
}

/** Of each row the class with the largest scaled logit; of equals the first. */
export const predictions = (rows: readonly ScaleRow[], logWeights: ArrayLike<number>): Int32Array =>
  Int32Array.from(rows, ({ logits }) => {
    let [best, most] = [0, -Infinity]
    for (let c = 0; c < logits.length; c++) {
      const value = (logits[c] ?? 0) + (logWeights[c] ?? 0)
      if (value > most) [best, most] = [c, value]
    }
    return best
  })
