import type { Mask } from '@reeltag/contracts'
import { applyCalibration } from '../calibration/calibrate.js'
import type { Calibration, CalibrationRow } from '../calibration/calibration.js'
import { inside } from '../calibration/calibrator.js'
import { fitCalibration, type FitOptions } from '../calibration/fit-calibration.js'
import { isTrue, isUnknown, numbersOf, truthOf } from '../truth.js'
import type { TreeShape } from '../compiled-tree.js'
import { nodeProbabilities } from '../score/coherence.js'
import {
  classwiseCalibrationError,
  expectedCalibrationError,
  reliabilityBins,
  type ClassColumn,
  type ReliabilityBin,
} from './reliability.js'

/** How well confidence agrees with truth. */
export interface CalibrationQuality {
  /** Over all leaves and contents of which the truth is known. */
  readonly ece: number
  /** Mean over the leaves that are true of some content. */
  readonly classwiseEce: number
  /** Mean over leaves and contents, natural logarithm, of probabilities kept 1e-12 away from 0 and 1. */
  readonly nll: number
  /** Of the likeliest leaf of each content: whether it is true. */
  readonly topEce: number
  readonly topReliability: readonly ReliabilityBin[]
}

export interface MaskReport {
  /** Contents that it was measured on; none of them was fitted on. */
  readonly rows: number
  readonly before: CalibrationQuality
  readonly after: CalibrationQuality
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
): CalibrationReport => {
  const reports = Object.entries(calibration.masks).flatMap(([mask, fitted]) => {
    const own = rows.filter((row) => row.mask === mask)
    if (own.length === 0) return []
    const before = qualityOf(tree, own, ({ logits }) => nodeProbabilities(tree, logits, 1))
    const after = qualityOf(tree, own, ({ logits }) => applyCalibration(tree, logits, fitted))
    return [[mask, { rows: own.length, before, after }] as const]
  })
  return Object.fromEntries(reports)
}

type Score = (row: CalibrationRow) => Float64Array

const qualityOf = (tree: TreeShape, rows: readonly CalibrationRow[], score: Score): CalibrationQuality => {
  const numbers = numbersOf(tree)
  const scored = rows.map((row) => ({ p: score(row), truth: truthOf(tree, numbers, row.nodes) }))
  const columns = [...tree.leaves].map((leaf) => {
    const known = scored.filter(({ truth }) => truth[leaf] !== isUnknown)
    return {
      confidences: known.map(({ p }) => p[leaf] ?? 0),
      outcomes: known.map(({ truth }) => Number(truth[leaf] === isTrue)),
    }
  })
  const confidences = columns.flatMap((column) => column.confidences)
  const outcomes = columns.flatMap((column) => column.outcomes)
  const top = topOf(tree, scored)
  return {
    ece: expectedCalibrationError(confidences, outcomes),
    classwiseEce: classwiseCalibrationError(columns.filter((column) => column.outcomes.includes(1))),
    nll: meanLoss(confidences, outcomes),
    topEce: expectedCalibrationError(top.confidences, top.outcomes),
    topReliability: reliabilityBins(top.confidences, top.outcomes),
  }
}

/** Contents of which it is not known whether their likeliest leaf is true are left out. */
const topOf = (
  { leaves }: TreeShape,
  scored: readonly { readonly p: Float64Array; readonly truth: Uint8Array }[],
): ClassColumn => {
  const tops = scored.flatMap(({ p, truth }) => {
    const leaf = leaves.reduce((best, other) => ((p[other] ?? 0) > (p[best] ?? 0) ? other : best), leaves[0] ?? 0)
    return truth[leaf] === isUnknown ? [] : [{ confidence: p[leaf] ?? 0, outcome: Number(truth[leaf] === isTrue) }]
  })
  return { confidences: tops.map(({ confidence }) => confidence), outcomes: tops.map(({ outcome }) => outcome) }
}

const meanLoss = (confidences: readonly number[], outcomes: readonly number[]): number =>
  confidences.reduce((sum, confidence, i) => {
    const p = inside(confidence)
    return sum - Math.log(outcomes[i] === 1 ? p : 1 - p)
  }, 0) / Math.max(1, confidences.length)
