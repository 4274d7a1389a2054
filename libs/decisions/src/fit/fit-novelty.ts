import type { NoveltyModel } from '@reeltag/contracts'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { along, joinLogits, neighbourDistance } from '../routing/novelty.js'

/** Fewer contents than this say too little of what is usual. */
export const noveltyRowsMin = 50
const pointsMax = 256
const distancesMax = 500
const axesMax = 8
const neighbour = 3

/**
 * Where labelled contents of one mask lie. Half of them are the points that distances are measured to, and the distances
 * of the others say what is usual. The axes are the principal components of the points' logits (Pearson 1901).
 * @param rows logits over the leaves, by facet; each content once, in an order that says nothing of them
 * @returns undefined where there are fewer than `noveltyRowsMin`
 */
export const fitNovelty = (
  facets: readonly string[],
  rows: readonly Readonly<Record<string, ArrayLike<number>>>[],
): NoveltyModel | undefined => {
  const joined = rows.flatMap((logits) => {
    const one = joinLogits(facets, logits)
    return one === undefined ? [] : [one]
  })
  if (joined.length < noveltyRowsMin) return undefined
  const half = Math.min(pointsMax, joined.length >> 1)
  const [points, others] = [joined.slice(0, half), joined.slice(half)]
  const mean = (points[0] ?? []).map((_, index) => points.reduce((sum, row) => sum + (row[index] ?? 0), 0) / half)
  const axes = principalAxes(points.map((row) => row.map((value, index) => value - (mean[index] ?? 0))))
  const rounded = { mean: mean.map(short), axes: axes.map((axis) => axis.map(short)) }
  const space = { neighbour, points: points.map((row) => along(rounded, row).map(short)) }
  const distances = others.map((row) => neighbourDistance(space, along(rounded, row))).sort((a, b) => a - b)
  return { facets: [...facets], ...rounded, ...space, distances: thinned(distances).map(short) }
}

/** It is stored with each policy: more digits than float16 logits have say nothing. */
const short = (value: number): number => Number(value.toPrecision(5))

/**
 * Eigenvectors of the rows' products instead of the columns': the same axes, and a tree of thousand leaves costs no more
 * than one of ten.
 */
const principalAxes = (centred: readonly number[][]): number[][] => {
  const rows = new Matrix(centred.map((row) => [...row]))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(rows.mmul(rows.transpose()), {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, index) => index).sort((a, b) => at(realEigenvalues, b) - at(realEigenvalues, a))
  return order
    .slice(0, axesMax)
    .filter((index) => at(realEigenvalues, index) > tiny * at(realEigenvalues, order[0] ?? 0))
    .map((index) => {
      const scale = 1 / Math.sqrt(at(realEigenvalues, index))
      return rows.transpose().mmul(eigenvectorMatrix.getColumnVector(index)).mul(scale).getColumn(0)
    })
}

const tiny = 1e-9
const at = (values: readonly number[], index: number): number => values[index] ?? 0

const thinned = (sorted: readonly number[]): number[] => {
  if (sorted.length <= distancesMax) return [...sorted]
  return Array.from({ length: distancesMax }, (_, index) =>
    at(sorted, Math.floor(((index + 0.5) * sorted.length) / distancesMax)),
  )
}
