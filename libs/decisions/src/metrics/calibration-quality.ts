import { inside } from '../calibrators/calibrator.js'
import type { TreeShape } from '../compiled-tree.js'
import { isTrue, isUnknown } from '../truth.js'
import { macroF1 } from './f1.js'
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
  /** Mean over leaves and contents of the squared distance. Brier, "Verification of forecasts", 1950. */
  readonly brier: number
  /** Of what is named: the likeliest leaf of a `single` tree, each leaf from 0.5 on of a `multi` tree. */
  readonly macroF1: number
  /** Of the likeliest leaf of each content: whether it is true. */
  readonly topEce: number
  readonly topReliability: readonly ReliabilityBin[]
}

/** Probabilities of a content by node number, beside what is true of it. */
export interface ScoredRow {
  readonly p: Float64Array
  readonly truth: Uint8Array
}

export const qualityOf = (tree: TreeShape, scored: readonly ScoredRow[]): CalibrationQuality => {
  const columns = [...tree.leaves].map((leaf) => columnOf(scored, leaf))
  const confidences = columns.flatMap((column) => [...column.confidences])
  const outcomes = columns.flatMap((column) => [...column.outcomes])
  const top = topOf(tree, scored)
  return {
    ece: expectedCalibrationError(confidences, outcomes),
    classwiseEce: classwiseCalibrationError(columns.filter(({ outcomes: own }) => own.includes(1))),
    nll: mean(confidences, (p, i) => -Math.log(outcomes[i] === 1 ? inside(p) : 1 - inside(p))),
    brier: mean(confidences, (p, i) => (p - (outcomes[i] ?? 0)) ** 2),
    macroF1: tree.kind === 'single' ? f1OfLikeliest(tree, scored) : f1OfNamed(columns),
    topEce: expectedCalibrationError(top.confidences, top.outcomes),
    topReliability: reliabilityBins(top.confidences, top.outcomes),
  }
}

/** Confidences of one leaf, and whether it was true, of the contents of which that is known. */
export const columnOf = (
  scored: readonly ScoredRow[],
  leaf: number,
): { readonly confidences: number[]; readonly outcomes: number[] } => {
  const known = scored.filter(({ truth }) => truth[leaf] !== isUnknown)
  return {
    confidences: known.map(({ p }) => p[leaf] ?? 0),
    outcomes: known.map(({ truth }) => Number(truth[leaf] === isTrue)),
  }
}

/** The likeliest leaf; of equals the first. */
export const likeliestLeaf = ({ leaves }: TreeShape, p: Float64Array): number =>
  leaves.reduce((best, other) => ((p[other] ?? 0) > (p[best] ?? 0) ? other : best), leaves[0] ?? 0)

/** Contents of which it is not known whether their likeliest leaf is true are left out. */
const topOf = (tree: TreeShape, scored: readonly ScoredRow[]): ClassColumn => {
  const tops = scored.flatMap(({ p, truth }) => {
    const leaf = likeliestLeaf(tree, p)
    return truth[leaf] === isUnknown ? [] : [{ confidence: p[leaf] ?? 0, outcome: Number(truth[leaf] === isTrue) }]
  })
  return { confidences: tops.map(({ confidence }) => confidence), outcomes: tops.map(({ outcome }) => outcome) }
}

/** Contents whose label is no leaf are left out. */
const f1OfLikeliest = (tree: TreeShape, scored: readonly ScoredRow[]): number => {
  const pairs = scored.flatMap(({ p, truth }) => {
    const right = tree.leaves.find((leaf) => truth[leaf] === isTrue)
    return right === undefined ? [] : [[right, likeliestLeaf(tree, p)] as const]
  })
  return macroF1(
    pairs.map(([right]) => right),
    pairs.map(([, named]) => named),
  )
}

const namedFrom = 0.5

/** Mean over the leaves that are true or named somewhere. */
const f1OfNamed = (columns: readonly ClassColumn[]): number => {
  const found = columns.flatMap(({ confidences, outcomes }) => {
    let [both, either] = [0, 0]
    for (let i = 0; i < confidences.length; i++) {
      const [named, right] = [Number((confidences[i] ?? 0) >= namedFrom), outcomes[i] ?? 0]
      both += named * right
      either += named + right
    }
    return either === 0 ? [] : [(2 * both) / either]
  })
  return mean(found, (f1) => f1)
}

const mean = (values: readonly number[], of: (value: number, i: number) => number): number =>
  values.reduce((sum, value, i) => sum + of(value, i), 0) / Math.max(1, values.length)
