import { leavesUnder, lineage, type TaxonomyNode } from '../facet.js'
import type { FacetMigration } from './migration.js'

/** Values by node that were carried to the new version, and those that have to be made anew. */
export interface CarriedValues<T> {
  readonly values: ReadonlyMap<string, T>
  readonly dropped: readonly { readonly node: string; readonly because: string }[]
}

/**
 * Carries what was fitted for nodes (thresholds with their bounds, calibrations of classes) to the new version. It holds
 * there only where the node takes in the same contents as before: then its score is the same sum, and so is its truth.
 * A node that gained or lost a leaf needs a fit of its own, so its value is dropped with the reason.
 * @param values by ids of the old version
 * @throws MIGRATION_INVALID for a node that the old version does not have
 */
export const carryValues = <T>(facet: FacetMigration, values: ReadonlyMap<string, T>): CarriedValues<T> => {
  const reached = reachedLeaves(facet)
  const carried = new Map<string, T>()
  const dropped: { node: string; because: string }[] = []
  for (const [id, value] of values) {
    facet.fate(id)
    const { to, because } = sameNode(facet, facet.from.node(id), reached)
    if (to === undefined) dropped.push({ node: id, because })
    else carried.set(to, value)
  }
  return { values: carried, dropped }
}

/** Old leaves by the new leaf to which all or a share of them goes. */
const reachedLeaves = (facet: FacetMigration): Map<string, Set<string>> => {
  const reached = new Map<string, Set<string>>()
  for (const { id } of facet.from.leaves)
    for (const leaf of partsOf(facet, id)) reached.set(leaf, (reached.get(leaf) ?? new Set()).add(id))
  return reached
}

const partsOf = (facet: FacetMigration, id: string): string[] => {
  const fate = facet.fate(id)
  if (fate.kind === 'split') return fate.weights.map(([part]) => part)
  return fate.to === undefined ? [] : [fate.to]
}

interface Same {
  readonly to?: string
  readonly because: string
}

const sameNode = (
  facet: FacetMigration,
  node: TaxonomyNode,
  reached: ReadonlyMap<string, ReadonlySet<string>>,
): Same => {
  const fate = facet.fate(node.id)
  if (fate.kind === 'retired') return { because: fate.because }
  const target = fate.kind === 'split' ? fate.label : fate.to
  const next = target === undefined ? undefined : facet.to?.find(target)
  if (next === undefined || (fate.kind === 'split' && target !== node.id)) return { because: `${node.id} was split` }
  const own = leavesUnder(node).map(({ id }) => id)
  const old = new Set(own)
  const leaves = leavesUnder(next).map(({ id }) => id)
  const isUnder = (part: string): boolean => {
    const found = facet.to?.find(part)
    return found !== undefined && lineage(found).includes(next)
  }
  const left = own.filter((id) => {
    const parts = partsOf(facet, id)
    return parts.length === 0 || !parts.every(isUnder)
  })
  const joined = leaves.flatMap((leaf) => [...(reached.get(leaf) ?? [])].filter((id) => !old.has(id)))
  const fresh = leaves.filter((leaf) => !reached.has(leaf))
  const reasons = [
    ...(left.length === 0 ? [] : [`lost ${left.join(', ')}`]),
    ...(joined.length === 0 ? [] : [`took in ${[...new Set(joined)].join(', ')}`]),
    ...(fresh.length === 0 ? [] : [`has the new ${fresh.join(', ')}`]),
  ]
  return reasons.length === 0
    ? { to: next.id, because: '' }
    : { because: `${next.id} ${reasons.join(' and ')}: fit it again` }
}
