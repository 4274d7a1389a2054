import { ReeltagError, type CalibrationFamily, type Mask } from '@reeltag/contracts'
import type { Calibration, CalibrationRow } from '../calibration/calibration.js'
import { fitCalibration } from '../calibration/fit-calibration.js'
import { faultsOfMask, rowsMin, type CalibrationFault } from '../calibration/refusals.js'
import { compileTree } from '../compiled-tree.js'
import type { LabelTree } from '../label-tree.js'
import { crossFittedReport, type CalibrationReport } from '../metrics/calibration-report.js'
import { isForCalibration, type LabelledContent } from './labelled-content.js'

/** What a fit has to know of a facet. It is plain data, so that another thread can be asked. */
export interface FacetToCalibrate {
  readonly facet: LabelTree & { readonly id: string }
  /** In the order of the head's logits. */
  readonly leaves: readonly string[]
}

/** A mask of a facet that keeps the pack's own temperature, and why. */
export interface NotCalibrated {
  readonly facet: string
  readonly mask: Mask
  readonly has: number
  readonly needs: number
  readonly detail: string
}

export interface FittedCalibrations {
  /** By facet. A facet of which nothing could be fitted is missing. */
  readonly facets: Readonly<Record<string, Calibration>>
  /** By facet and mask, measured across parts of the truth that each fit did not see. */
  readonly report: Readonly<Record<string, CalibrationReport>>
  readonly notCalibrated: readonly NotCalibrated[]
  /** Contents of the part that calibrations are fitted on. */
  readonly contents: number
}

/**
 * Fits the calibration of every facet on the part of the truth that no proof uses: one content in four. A mask with too
 * little truth, or truth of one kind only, is listed, and the others are fitted.
 * @throws CALIBRATION_REFUSED where the family does not fit a facet, or a label is outside the tree
 */
export const fitCalibrations = (
  facets: readonly FacetToCalibrate[],
  contents: readonly LabelledContent[],
  { family = 'auto' }: { readonly family?: CalibrationFamily } = {},
): FittedCalibrations => {
  const own = contents.filter(isForCalibration)
  const fitted = facets.flatMap((facet) => {
    const rows = rowsOf(facet, own)
    return rows.length === 0 ? [] : [fitFacet(facet, rows, family)]
  })
  const calibrated = fitted.filter(({ masks }) => masks.length > 0)
  return {
    facets: Object.fromEntries(calibrated.map(({ id, calibration }) => [id, calibration])),
    report: Object.fromEntries(calibrated.map(({ id, report }) => [id, report])),
    notCalibrated: fitted.flatMap(({ notCalibrated }) => notCalibrated),
    contents: own.length,
  }
}

/**
 * @param leftOut labelled contents that could not be used, by the reason
 * @throws CALIBRATION_REFUSED where nothing was fitted, with the number that would do in `extensions.faults`
 */
export const assertCalibrated = (
  { facets, notCalibrated }: FittedCalibrations,
  leftOut: Readonly<Record<string, number>> = {},
): void => {
  if (Object.keys(facets).length > 0) return
  const faults = notCalibrated.length > 0 ? notCalibrated : [nothing]
  const others = Object.entries(leftOut).map(([reason, count]) => `left out: ${count} ${reason}`)
  throw new ReeltagError('CALIBRATION_REFUSED', [...faults.map(({ detail }) => detail), ...others].join('; '), {
    extensions: { faults },
  })
}

const nothing = {
  has: 0,
  needs: rowsMin,
  detail: `no content in the part for calibration, one in four, has a label; a set of streams needs ${rowsMin} there`,
}

const rowsOf = ({ facet }: FacetToCalibrate, contents: readonly LabelledContent[]): CalibrationRow[] =>
  contents.flatMap(({ contentHash, mask, logits, truth }) => {
    const [own, nodes] = [logits[facet.id], truth[facet.id]]
    // What is none of the facet's nodes says nothing of how sure the head is of one of them.
    const isUsable = nodes !== undefined && (facet.kind === 'multi' || nodes.length === 1)
    return own === undefined || !isUsable ? [] : [{ contentHash, mask, logits: own, nodes }]
  })

const fitFacet = ({ facet, leaves }: FacetToCalibrate, rows: readonly CalibrationRow[], family: CalibrationFamily) => {
  const tree = compileTree(facet, leaves)
  const faults = new Map<Mask, readonly CalibrationFault[]>(
    [...new Set(rows.map(({ mask }) => mask))].sort().map((mask) => [mask, faultsOfMask(rows, mask)]),
  )
  const masks = [...faults].flatMap(([mask, found]) => (found.length === 0 ? mask : []))
  const calibration = fitCalibration(tree, rows, masks, { family })
  return {
    id: facet.id,
    masks,
    calibration,
    report: crossFittedReport(tree, rows, calibration, { family }),
    notCalibrated: [...faults].flatMap(([mask, found]) =>
      found.map(({ has, needs, detail }): NotCalibrated => ({
        facet: facet.id,
        mask,
        has,
        needs,
        detail: `${facet.id}: ${detail}`,
      })),
    ),
  }
}
