import { isLeafNumber, type TreeShape } from '../compiled-tree.js'
import { riskCoverage, type RiskCoveragePoint } from '../metrics/risk-coverage.js'
import { wayOf } from '../policies/way.js'
import type { TruthRow } from './certify-facet.js'

/** How error grows with what is published, of one facet and mask. */
export interface FacetCurves {
  /** Contents of a `single` tree, tags of a `multi` tree. */
  readonly items: number
  /** How many of them are right. An oracle would publish these first. */
  readonly right: number
  /** By the head's own confidence, with temperature 1. */
  readonly before: readonly RiskCoveragePoint[]
  /** By the calibrated confidence. */
  readonly after: readonly RiskCoveragePoint[]
}

/** A picture shows no more. */
const pointsMax = 200

/**
 * Curves of the likeliest leaves of a `single` tree, or of all leaves of a `multi` tree, thinned to 200 points each.
 * @param before the contents as the head scores them
 * @param after the same contents, calibrated
 */
export const riskCurves = (tree: TreeShape, before: readonly TruthRow[], after: readonly TruthRow[]): FacetCurves => {
  const [plain, calibrated] = [itemsOf(tree, before), itemsOf(tree, after)]
  return {
    items: calibrated.length,
    right: calibrated.filter(({ isRight }) => isRight).length,
    before: curveOf(plain),
    after: curveOf(calibrated),
  }
}

interface Item {
  readonly confidence: number
  readonly isRight: boolean
}

const itemsOf = (tree: TreeShape, rows: readonly TruthRow[]): Item[] =>
  rows.flatMap(({ scores, isTrue }) => {
    const leaves =
      tree.kind === 'single'
        ? wayOf(tree, scores).slice(-1)
        : [...tree.leaves].filter((node) => isLeafNumber(tree, node))
    return leaves.map((node) => ({ confidence: scores.probabilities[node] ?? 0, isRight: isTrue(node) }))
  })

const curveOf = (items: readonly Item[]): RiskCoveragePoint[] =>
  thinned(
    riskCoverage(
      items.map(({ confidence }) => confidence),
      items.map(({ isRight }) => Number(!isRight)),
    ),
  )

/** At most one point in each step of coverage, and always the first and the last. */
const thinned = (curve: readonly RiskCoveragePoint[]): RiskCoveragePoint[] =>
  curve.filter((point, i) => {
    const next = curve[i + 1]
    if (i === 0 || next === undefined) return true
    return Math.floor(point.coverage * pointsMax) !== Math.floor(next.coverage * pointsMax)
  })
