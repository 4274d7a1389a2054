import { ReeltagError, type CalibrationFamily, type Mask } from '@reeltag/contracts'
import type { TreeShape } from '../compiled-tree.js'
import type { CalibrationRow } from './calibration.js'
import { vectorUnfit } from './choose-map.js'
import { vectorClassesMax } from '../calibrators/vector.js'

/** Contents without which a mask is not calibrated: below, even one shared temperature says little. */
export const rowsMin = 50

/** Why a calibration is refused, and the number that would do. */
export interface CalibrationFault {
  readonly reason: 'too-small' | 'one-class' | 'leaked' | 'outside-tree' | 'not-one-path' | 'family-unfit'
  readonly mask: Mask | null
  readonly has: number
  readonly needs: number
  readonly detail: string
}

const namedMax = 5
const some = (values: readonly string[]): string =>
  [...values.slice(0, namedMax), ...(values.length > namedMax ? ['…'] : [])].join(', ')

/** @throws CALIBRATION_REFUSED with every fault in `extensions.faults` */
export const assertFit = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  {
    masks,
    trainedOn,
    family,
  }: {
    readonly masks: readonly Mask[]
    readonly trainedOn: ReadonlySet<string>
    readonly family: CalibrationFamily
  },
): void => {
  const faults = [
    ...unfit(tree, family),
    ...outside(tree, rows),
    ...severalPaths(tree, rows),
    ...leaked(rows, trainedOn),
    ...masks.flatMap((mask) => faultsOfMask(rows, mask)),
  ]
  if (faults.length > 0)
    throw new ReeltagError('CALIBRATION_REFUSED', faults.map(({ detail }) => detail).join('; '), {
      extensions: { faults },
    })
}

/** Why a mask has too little truth, or truth of one kind only. */
export const faultsOfMask = (rows: readonly CalibrationRow[], mask: Mask): CalibrationFault[] => [
  ...tooSmall(rows, mask),
  ...oneClass(rows, mask),
]

const unfit = (tree: TreeShape, family: CalibrationFamily): CalibrationFault[] => {
  const why = family === 'vector' ? vectorUnfit(tree) : undefined
  if (why === undefined) return []
  const detail = `${why}; choose another family, or auto`
  return [{ reason: 'family-unfit', mask: null, has: tree.logitIds.length, needs: vectorClassesMax, detail }]
}

const outside = ({ ids }: TreeShape, rows: readonly CalibrationRow[]): CalibrationFault[] => {
  const known = new Set(ids)
  const unknown = [...new Set(rows.flatMap(({ nodes }) => nodes))].filter((node) => !known.has(node))
  if (unknown.length === 0) return []
  const detail = `the tree has no ${some(unknown)}: migrate these labels to this version of the tree, or leave them out`
  return [{ reason: 'outside-tree', mask: null, has: unknown.length, needs: 0, detail }]
}

const severalPaths = ({ kind }: TreeShape, rows: readonly CalibrationRow[]): CalibrationFault[] => {
  const wrong = rows.filter(({ nodes }) => kind === 'single' && nodes.length !== 1)
  if (wrong.length === 0) return []
  const hashes = some(wrong.map(({ contentHash }) => contentHash))
  const detail = `${wrong.length} contents do not have one label, and the facet is single: ${hashes}`
  return [{ reason: 'not-one-path', mask: null, has: wrong.length, needs: 0, detail }]
}

const leaked = (rows: readonly CalibrationRow[], trainedOn: ReadonlySet<string>): CalibrationFault[] => {
  const hashes = [...new Set(rows.map(({ contentHash }) => contentHash))].filter((hash) => trainedOn.has(hash))
  if (hashes.length === 0) return []
  const detail = `${hashes.length} contents were trained on, so their confidence is too high: leave out ${some(hashes)}`
  return [{ reason: 'leaked', mask: null, has: hashes.length, needs: 0, detail }]
}

const tooSmall = (rows: readonly CalibrationRow[], mask: Mask): CalibrationFault[] => {
  const has = rows.filter((row) => row.mask === mask).length
  if (has >= rowsMin) return []
  const detail = `${mask} has ${has} contents with a label and needs ${rowsMin}`
  return [{ reason: 'too-small', mask, has, needs: rowsMin, detail }]
}

const oneClass = (rows: readonly CalibrationRow[], mask: Mask): CalibrationFault[] => {
  const sets = new Set(rows.filter((row) => row.mask === mask).map(({ nodes }) => [...nodes].sort().join(' ')))
  if (sets.size !== 1) return []
  const detail = `all contents of ${mask} have the same label, ${[...sets].join()}: it needs contents of 2 or more`
  return [{ reason: 'one-class', mask, has: 1, needs: 2, detail }]
}
