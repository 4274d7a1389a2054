import type { Mask } from '@reeltag/contracts'
import type { TreeShape } from '../compiled-tree.js'
import { nodeProbabilities } from '../score/coherence.js'
import type { Calibration, CalibrationRow, MaskCalibration, NodeCalibration } from './calibration.js'
import type { Temperature } from './calibrator.js'
import { chooseCalibrator, ownMin, plattOf, rarer, type NodeSamples } from './choose-calibrator.js'
import { assertFit } from './refusals.js'
import { fitBinaryTemperature, fitTemperature } from './temperature.js'
import { isTrue, isUnknown, numbersOf, truthOf } from '../truth.js'

export interface FitOptions {
  /** Hashes of the contents that the model was trained on. */
  readonly trainedOn?: ReadonlySet<string>
}

/**
 * Fits the calibration of one facet, for each mask by itself. A shared temperature comes first. A node with 50 positives
 * and 50 negatives or more then has a map of its own: Platt or beta, above 1,000 isotonic. Rarer nodes are pooled with
 * their rare siblings, and keep the shared temperature where even those together are too few. In a `single` tree only the
 * leaves are mapped, because inner nodes are their sums.
 * @param rows contents with a label; those of other masks are passed over; their order does not matter
 * @throws CALIBRATION_REFUSED with the reason and the number that would do: too few contents, one class only, contents that
 * were trained on, labels outside the tree
 */
export const fitCalibration = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  masks: readonly Mask[],
  { trainedOn = new Set() }: FitOptions = {},
): Calibration => {
  const wanted = rows.filter(({ mask }) => masks.includes(mask))
  assertFit(tree, wanted, masks, trainedOn)
  // By hash, so that halves of the rows tell nothing of the labels.
  const ordered = wanted.toSorted((a, b) => (a.contentHash < b.contentHash ? -1 : 1))
  const fitted = masks.map(
    (mask) =>
      [
        mask,
        fitMask(
          tree,
          ordered.filter((row) => row.mask === mask),
        ),
      ] as const,
  )
  return { kind: tree.kind, masks: Object.fromEntries(fitted) }
}

const fitMask = (tree: TreeShape, rows: readonly CalibrationRow[]): MaskCalibration => {
  const numbers = numbersOf(tree)
  const truths = rows.map(({ nodes }) => truthOf(tree, numbers, nodes))
  const temperature = sharedTemperature(tree, rows, truths)
  const base = rows.map(({ logits }) => nodeProbabilities(tree, logits, temperature.t))
  const mapped = tree.kind === 'single' ? [...tree.leaves] : tree.ids.map((_, node) => node)
  const samples = new Map(mapped.map((node) => [node, samplesOf(node, base, truths)]))
  return { rows: rows.length, temperature, nodes: Object.fromEntries(fitNodes(tree, samples, temperature)) }
}

const sharedTemperature = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  truths: readonly Uint8Array[],
): Temperature => {
  const known = (node: number, row: number): boolean => node >= 0 && truths[row]?.[node] !== isUnknown
  if (tree.kind === 'multi') {
    const pairs = rows.flatMap(({ logits }, row) =>
      [...tree.logitNodes].flatMap((node, i) =>
        known(node, row) ? [[logits[i] ?? 0, truths[row]?.[node] ?? 0] as const] : [],
      ),
    )
    return fitBinaryTemperature(
      pairs.map(([score]) => score),
      pairs.map(([, label]) => label),
    )
  }
  // A label that is no leaf does not say which leaf is right.
  const right = rows.map((_, row) => tree.logitNodes.findIndex((node) => node >= 0 && truths[row]?.[node] === isTrue))
  return fitTemperature(
    rows.filter((_, row) => (right[row] ?? -1) >= 0).map(({ logits }) => logits),
    right.filter((place) => place >= 0),
  )
}

const samplesOf = (node: number, base: readonly Float64Array[], truths: readonly Uint8Array[]): NodeSamples => {
  const known = base.map((_, row) => row).filter((row) => truths[row]?.[node] !== isUnknown)
  return {
    probabilities: known.map((row) => base[row]?.[node] ?? 0),
    labels: known.map((row) => truths[row]?.[node] ?? 0),
  }
}

const fitNodes = (
  tree: TreeShape,
  samples: ReadonlyMap<number, NodeSamples>,
  temperature: Temperature,
): [string, NodeCalibration][] => {
  const pools = new Map<number, number[]>()
  const fitted = new Map<number, Pick<NodeCalibration, 'calibrator' | 'pooledUnder'>>()
  for (const [node, own] of samples) {
    const calibrator = chooseCalibrator(own)
    if (calibrator !== undefined) fitted.set(node, { calibrator, pooledUnder: null })
    else {
      const parent = tree.parents[node] ?? -1
      pools.set(parent, [...(pools.get(parent) ?? []), node])
    }
  }
  for (const [parent, nodes] of pools) {
    const pooled = joined(nodes.flatMap((node) => samples.get(node) ?? []))
    const isEnough = nodes.length > 1 && rarer(pooled) >= ownMin
    const calibrator = isEnough ? plattOf(pooled) : temperature
    const pooledUnder = isEnough ? (tree.ids[parent] ?? '') : null
    for (const node of nodes) fitted.set(node, { calibrator, pooledUnder })
  }
  return [...samples].flatMap(([node, { labels }]) => {
    const found = fitted.get(node)
    const positives = labels.reduce((sum, label) => sum + label, 0)
    const counts = { positives, negatives: labels.length - positives }
    return found === undefined
      ? []
      : [[tree.ids[node] ?? '', { ...found, ...counts }] satisfies [string, NodeCalibration]]
  })
}

const joined = (samples: readonly NodeSamples[]): NodeSamples => ({
  probabilities: samples.flatMap(({ probabilities }) => probabilities),
  labels: samples.flatMap(({ labels }) => labels),
})
