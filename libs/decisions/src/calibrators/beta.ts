import { inside, type Beta } from './calibrator.js'
import { fitLogistic, logisticLoss } from './logistic.js'

/** Keeps the fit finite where the classes are separable. It pulls to the identity, so the fit is never worse than that. */
export const betaRidge = 1e-6

/**
 * Beta calibration: a logistic regression on ln s and −ln(1 − s) with weights that are not negative, and a constant. The
 * loss is convex, so its minimum under a, b ≥ 0 is the least of the minima with none, one or both held at 0.
 * Kull, Silva Filho and Flach, "Beta calibration", 2017.
 * @param probabilities in [0, 1]
 * @param labels 0 or 1
 */
export const fitBeta = (probabilities: ArrayLike<number>, labels: ArrayLike<number>): Beta => {
  const s = Float64Array.from(probabilities, inside)
  const columns = [s.map(Math.log), s.map((value) => -Math.log1p(-value)), new Float64Array(s.length).fill(1)]
  const fits = [
    [true, true],
    [false, true],
    [true, false],
    [false, false],
  ].map((isFree) => {
    const [a, b, c] = fitFree(columns, labels, isFree)
    const margin = s.map((_, i) => a * (columns[0]?.[i] ?? 0) + b * (columns[1]?.[i] ?? 0) + c)
    const pulled = (betaRidge / 2) * ((a - 1) ** 2 + (b - 1) ** 2 + c ** 2)
    return { a, b, c, loss: logisticLoss(margin, labels) + pulled }
  })
  const feasible = fits.filter(({ a, b }) => a >= 0 && b >= 0)
  const best = feasible.reduce((least, fit) => (fit.loss < least.loss ? fit : least))
  return { kind: 'beta', a: best.a, b: best.b, c: best.c }
}

const identity = [1, 1, 0]

/** With the weights that are not free at 0; the constant always is free. */
const fitFree = (
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  isFree: readonly boolean[],
): [number, number, number] => {
  const places = [0, 1, 2].filter((place) => isFree[place] ?? true)
  const fitted = fitLogistic(
    places.map((place) => columns[place] ?? new Float64Array()),
    labels,
    { start: places.map((place) => identity[place] ?? 0), ridge: betaRidge },
  )
  const weights: [number, number, number] = [0, 0, 0]
  places.forEach((place, i) => (weights[place] = fitted[i] ?? 0))
  return weights
}
