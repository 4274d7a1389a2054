import type { TreeShape } from '../compiled-tree.js'
import type { Temperature } from '../calibrators/calibrator.js'
import { fitBinaryTemperature, fitTemperature } from '../calibrators/temperature.js'
import { nodeProbabilities } from '../score/coherence.js'
import { isTrue, isUnknown, numbersOf, truthOf } from '../truth.js'
import type { CalibrationRow, MaskCalibration, NodeCalibration } from './calibration.js'
import { chooseCalibrator, poolCalibrator, type NodeFamily, type NodeSamples } from './choose-calibrator.js'

/** How the nodes of a mask are mapped: by the temperature alone, by one family, or each by what its data can carry. */
export type NodeMaps = 'none' | 'chosen' | NodeFamily

/** A shared temperature, and behind it maps of the nodes. @param rows of one mask, in an order that tells nothing of the labels */
export const fitByNode = (tree: TreeShape, rows: readonly CalibrationRow[], maps: NodeMaps): MaskCalibration => {
  const numbers = numbersOf(tree)
  const truths = rows.map(({ nodes }) => truthOf(tree, numbers, nodes))
  const temperature = sharedTemperature(tree, rows, truths)
  const samples = samplesByNode(tree, rows, truths, temperature)
  return { rows: rows.length, temperature, nodes: Object.fromEntries(fitNodes(tree, samples, { temperature, maps })) }
}

/** Place of the leaf that is right among the logits; -1 where the label is no leaf. Of a `single` tree. */
export const rightPlaces = (tree: TreeShape, rows: readonly CalibrationRow[]): number[] => {
  const numbers = numbersOf(tree)
  return rows.map(({ nodes }) => {
    const truth = truthOf(tree, numbers, nodes)
    return tree.logitNodes.findIndex((node) => node >= 0 && truth[node] === isTrue)
  })
}

const sharedTemperature = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  truths: readonly Uint8Array[],
): Temperature => {
  if (tree.kind === 'single') {
    // A label that is no leaf does not say which leaf is right.
    const right = rightPlaces(tree, rows)
    return fitTemperature(
      rows.filter((_, row) => (right[row] ?? -1) >= 0).map(({ logits }) => logits),
      right.filter((place) => place >= 0),
    )
  }
  const known = (node: number, row: number): boolean => node >= 0 && truths[row]?.[node] !== isUnknown
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

const samplesByNode = (
  tree: TreeShape,
  rows: readonly CalibrationRow[],
  truths: readonly Uint8Array[],
  temperature: Temperature,
): ReadonlyMap<number, NodeSamples> => {
  const base = rows.map(({ logits }) => nodeProbabilities(tree, logits, temperature.t))
  // Inner nodes of a single tree are the sums of their leaves.
  const mapped = tree.kind === 'single' ? [...tree.leaves] : tree.ids.map((_, node) => node)
  return new Map(mapped.map((node) => [node, samplesOf(node, base, truths)]))
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
  { temperature, maps }: { readonly temperature: Temperature; readonly maps: NodeMaps },
): [string, NodeCalibration][] => {
  const family = maps === 'none' || maps === 'chosen' ? undefined : maps
  const pools = new Map<number, number[]>()
  const fitted = new Map<number, Pick<NodeCalibration, 'calibrator' | 'pooledUnder'>>()
  for (const [node, own] of samples) {
    const calibrator = maps === 'none' ? undefined : chooseCalibrator(own, family)
    if (calibrator !== undefined) fitted.set(node, { calibrator, pooledUnder: null })
    else {
      const parent = tree.parents[node] ?? -1
      pools.set(parent, [...(pools.get(parent) ?? []), node])
    }
  }
  for (const [parent, nodes] of pools) {
    const own = joined(nodes.flatMap((node) => samples.get(node) ?? []))
    const pooled = maps === 'none' || nodes.length === 1 ? undefined : poolCalibrator(own, family)
    const pooledUnder = pooled === undefined ? null : (tree.ids[parent] ?? '')
    for (const node of nodes) fitted.set(node, { calibrator: pooled ?? temperature, pooledUnder })
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
