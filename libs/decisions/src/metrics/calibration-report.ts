import type { Mask } from '@reeltag/contracts'
import { applyCalibration } from '../calibration/calibrate.js'
import type { Calibration, CalibrationRow, MaskCalibration } from '../calibration/calibration.js'
import { fitAgain } from '../calibration/choose-map.js'
import { byHash, fitCalibration, type FitOptions } from '../calibration/fit-calibration.js'
import type { TreeShape } from '../compiled-tree.js'
import { nodeProbabilities } from '../score/coherence.js'
import { isTrue, numbersOf, truthOf } from '../truth.js'
import { columnOf, qualityOf, type CalibrationQuality, type ScoredRow } from './calibration-quality.js'
import { expectedCalibrationError } from './reliability.js'

/** One leaf that is true of some content. */
export interface ClassReport {
  readonly node: string
  readonly positives: number
  readonly eceBefore: number
  readonly eceAfter: number
}

export interface MaskReport {
  /** Contents that it was measured on; none of them was fitted on. */
  readonly rows: number
  readonly before: CalibrationQuality
  readonly after: CalibrationQuality
  readonly classes: readonly ClassReport[]
}

/** By mask; a mask of which no content was held out is missing. */
export type CalibrationReport = Readonly<Record<Mask, MaskReport>>

/**
 * Fits on one side of a split, such as `splitByHash` makes, and measures on the other. Before is the head's own softmax or sigmoid,
 * with temperature 1.
 * @throws CALIBRATION_REFUSED as `fitCalibration`, for the side that is fitted on
 */
export const fitWithReport = (
  tree: TreeShape,
  split: { readonly fit: readonly CalibrationRow[]; readonly heldOut: readonly CalibrationRow[] },
  masks: readonly Mask[],
  options: FitOptions = {},
): { readonly calibration: Calibration; readonly report: CalibrationReport } => {
  const calibration = fitCalibration(tree, split.fit, masks, options)
  return { calibration, report: reportOn(tree, calibration, split.heldOut) }
}

/** @param rows contents that the calibration was not fitted on */
export const reportOn = (
  tree: TreeShape,
  calibration: Calibration,
  rows: readonly CalibrationRow[],
): CalibrationReport =>
  Object.fromEntries(
    Object.entries(calibration.masks).flatMap(([mask, fitted]) => {
      const own = rows.filter((row) => row.mask === mask)
      return own.length === 0 ? [] : [[mask, measured(tree, own, () => fitted)] as const]
    }),
  )

/** In so many parts, each measured by what was fitted on the others. */
const parts = 5

/**
 * What to expect of a calibration that was fitted on all the rows, without setting any of them aside: a fifth of them is
 * measured by a fit on the other four fifths, in turns. A little pessimistic, because each fit has fewer rows. Stone, "Cross-validatory
 * choice and assessment of statistical predictions", 1974.
 */
export const crossFittedReport = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  calibration: Calibration,
  { family = 'auto' }: Pick<FitOptions, 'family'> = {},
): CalibrationReport =>
  Object.fromEntries(
    Object.entries(calibration.masks).flatMap(([mask, whole]) => {
      const own = byHash(rows.filter((row) => row.mask === mask))
      // Equal contents stay in one part.
      const hashes = [...new Set(own.map(({ contentHash }) => contentHash))]
      if (hashes.length < parts) return []
      const partOf = new Map(hashes.map((hash, i) => [hash, i % parts]))
      const fits = Array.from({ length: parts }, (_, part) => {
        const others = own.filter(({ contentHash }) => partOf.get(contentHash) !== part)
        return fitAgain(tree, others, whole, family)
      })
      return [[mask, measured(tree, own, ({ contentHash }) => fits[partOf.get(contentHash) ?? 0] ?? whole)] as const]
    }),
  )

const measured = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  fittedFor: (row: CalibrationRow) => MaskCalibration,
): MaskReport => {
  const numbers = numbersOf(tree)
  const scored = (probabilities: (row: CalibrationRow) => Float64Array): ScoredRow[] =>
    rows.map((row) => ({ p: probabilities(row), truth: truthOf(tree, numbers, row.nodes) }))
  const before = scored(({ logits }) => nodeProbabilities(tree, logits, 1))
  const after = scored((row) => applyCalibration(tree, row.logits, fittedFor(row)))
  return {
    rows: rows.length,
    before: qualityOf(tree, before),
    after: qualityOf(tree, after),
    classes: classesOf(tree, before, after),
  }
}

const classesOf = (tree: TreeShape, before: readonly ScoredRow[], after: readonly ScoredRow[]): ClassReport[] =>
  [...tree.leaves].flatMap((leaf) => {
    const positives = before.filter(({ truth }) => truth[leaf] === isTrue).length
    if (positives === 0) return []
    const [eceBefore, eceAfter] = [before, after].map((scored) => {
      const { confidences, outcomes } = columnOf(scored, leaf)
      return expectedCalibrationError(confidences, outcomes)
    })
    return [{ node: tree.ids[leaf] ?? '', positives, eceBefore: eceBefore ?? 0, eceAfter: eceAfter ?? 0 }]
  })
