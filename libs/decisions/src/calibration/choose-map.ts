import type { CalibrationFamily } from '@reeltag/contracts'
import { inside } from '../calibrators/calibrator.js'
import { fitVector, vectorClassesMax } from '../calibrators/vector.js'
import type { TreeShape } from '../compiled-tree.js'
import { applyCalibration } from './calibrate.js'
import type { CalibrationRow, MaskCalibration } from './calibration.js'
import { fitByNode, rightPlaces, type NodeMaps } from './fit-mask.js'

/** Vector scaling fits two numbers a class. With fewer contents a class it follows the noise, and is not even tried. */
export const vectorRowsPerClass = 10

/** Why vector scaling cannot map this tree; undefined where it can. */
export const vectorUnfit = ({ kind, logitIds }: TreeShape): string | undefined => {
  if (kind === 'multi') return 'vector scaling is for facets of kind single; in a multi facet Platt does the same'
  if (logitIds.length > vectorClassesMax)
    return `vector scaling takes at most ${vectorClassesMax} classes; there are ${logitIds.length}`
  return undefined
}

/**
 * The map of one mask. `auto` takes maps by node, or vector scaling where that is less surprised by the truth of contents
 * that it was not fitted on: each half of the rows is scored by what was fitted on the other.
 * @param rows of one mask, in an order that tells nothing of the labels
 */
export const fitMask = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  family: CalibrationFamily,
): MaskCalibration => {
  if (family === 'vector') return fitVectorMask(tree, rows)
  const byNode = (some: readonly CalibrationRow[]): MaskCalibration => fitByNode(tree, some, mapsOf[family])
  if (family !== 'auto') return byNode(rows)
  const mayBeVector = vectorUnfit(tree) === undefined && rows.length >= vectorRowsPerClass * tree.logitIds.length
  if (!mayBeVector) return byNode(rows)
  const byVector = (some: readonly CalibrationRow[]): MaskCalibration => fitVectorMask(tree, some)
  return lossAcrossHalves(tree, rows, byVector) < lossAcrossHalves(tree, rows, byNode) ? byVector(rows) : byNode(rows)
}

/** What `fitMask` chose for all rows, fitted on some of them. */
export const fitAgain = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  { vector }: MaskCalibration,
  family: CalibrationFamily,
): MaskCalibration =>
  vector !== undefined || family === 'vector' ? fitVectorMask(tree, rows) : fitByNode(tree, rows, mapsOf[family])

const mapsOf: Readonly<Record<Exclude<CalibrationFamily, 'vector'>, NodeMaps>> = {
  auto: 'chosen',
  temperature: 'none',
  platt: 'platt',
  beta: 'beta',
  isotonic: 'isotonic',
}

/** Its leaves have no map of their own; they are counted all the same. */
const fitVectorMask = (tree: TreeShape, rows: readonly CalibrationRow[]): MaskCalibration => {
  const right = rightPlaces(tree, rows)
  const vector = fitVector(
    rows.filter((_, row) => (right[row] ?? -1) >= 0).map(({ logits }) => logits),
    right.filter((place) => place >= 0),
  )
  const { nodes, rows: counted } = fitByNode(tree, rows, 'none')
  const identity = { kind: 'temperature', t: 1 } as const
  return {
    rows: counted,
    temperature: identity,
    vector,
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { ...node, calibrator: identity }])),
  }
}

const lossAcrossHalves = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  fit: (half: readonly CalibrationRow[]) => MaskCalibration,
): number => {
  const [even, odd] = [0, 1].map((parity) => rows.filter((_, i) => i % 2 === parity))
  return logLoss(tree, odd ?? [], fit(even ?? [])) + logLoss(tree, even ?? [], fit(odd ?? []))
}

/** Summed negative logarithm of the probability of the leaf that is right. */
const logLoss = (tree: TreeShape, rows: readonly CalibrationRow[], fitted: MaskCalibration): number => {
  const right = rightPlaces(tree, rows)
  return rows.reduce((sum, { logits }, row) => {
    const node = tree.logitNodes[right[row] ?? -1]
    return node === undefined ? sum : sum - Math.log(inside(applyCalibration(tree, logits, fitted)[node] ?? 0))
  }, 0)
}
