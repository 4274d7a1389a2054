import type { Mask } from '@reeltag/contracts'
import type { Target } from '../bounds/accepted-needed.js'
import type { LabelTree, Nested } from '../label-tree.js'
import { certifyGroups, type CertifiedGroups, type GroupedRow, type GroupOptions } from './certify-groups.js'

/**
 * Thresholds of each mask, from the rows of that mask alone: a model that lacks a stream is another model. Unless the
 * promise is for each group alone, the masks share delta equally.
 */
export const certifyMasks = <N extends Nested<N>>(
  tree: LabelTree<N>,
  rows: ReadonlyMap<Mask, readonly GroupedRow[]>,
  target: Target,
  options: GroupOptions,
): Map<Mask, CertifiedGroups> => {
  const delta = options.multiplicity === 'each' ? target.delta : target.delta / Math.max(1, rows.size)
  return new Map([...rows].map(([mask, own]) => [mask, certifyGroups(tree, own, { ...target, delta }, options)]))
}
