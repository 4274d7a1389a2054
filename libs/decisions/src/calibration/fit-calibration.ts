import type { CalibrationFamily, Mask } from '@reeltag/contracts'
import type { TreeShape } from '../compiled-tree.js'
import type { Calibration, CalibrationRow } from './calibration.js'
import { fitMask } from './choose-map.js'
import { assertFit } from './refusals.js'

export interface FitOptions {
  /** Hashes of the contents that the model was trained on. */
  readonly trainedOn?: ReadonlySet<string>
  /** The map that is fitted; `auto`, the default, lets the data of each mask and class choose. */
  readonly family?: CalibrationFamily
}

/**
 * Fits the calibration of one facet, for each mask by itself. A shared temperature comes first. A node with 50 positives
 * and 50 negatives or more then has a map of its own: Platt or beta, above 1,000 isotonic. Rarer nodes are pooled with
 * their rare siblings, and keep the shared temperature where even those together are too few. In a `single` tree only the
 * leaves are mapped, because inner nodes are their sums. Vector scaling takes the place of all of that where it predicts
 * better.
 * @param rows contents with a label; those of other masks are passed over; their order does not matter
 * @throws CALIBRATION_REFUSED with the reason and the number that would do: too few contents, one class only, contents that
 * were trained on, labels outside the tree, a family that does not fit the facet
 */
export const fitCalibration = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  masks: readonly Mask[],
  { trainedOn = new Set(), family = 'auto' }: FitOptions = {},
): Calibration => {
  const wanted = rows.filter(({ mask }) => masks.includes(mask))
  assertFit(tree, wanted, { masks, trainedOn, family })
  const ordered = byHash(wanted)
  const fitted = masks.map((mask) => {
    const own = ordered.filter((row) => row.mask === mask)
    return [mask, fitMask(tree, own, family)] as const
  })
  return { kind: tree.kind, masks: Object.fromEntries(fitted) }
}

/** So that halves of the rows tell nothing of the labels, and the order in which they came changes nothing. */
export const byHash = (rows: readonly CalibrationRow[]): CalibrationRow[] =>
  rows.toSorted((a, b) => (a.contentHash < b.contentHash ? -1 : 1))
