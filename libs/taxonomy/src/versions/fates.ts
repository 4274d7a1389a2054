import type { Facet, TaxonomyNode } from '../facet.js'
import { lineage } from '../facet.js'
import type { FacetMigrationSource } from './migration-schema.js'

/** What becomes of a node. Ids are those of the new version. */
export type Fate =
  | { readonly kind: 'kept' | 'merged' | 'moved' | 'renamed'; readonly to: string }
  | {
      readonly kind: 'split'
      readonly weights: readonly (readonly [id: string, weight: number])[]
      /** Where a label goes of which nobody can say to which part it belongs: the part that all have above them. */
      readonly label: string | undefined
    }
  | { readonly kind: 'retired'; readonly to: string | undefined; readonly because: string }

/** The fate of every node of the old tree. Nodes without one would be lost: `checkMigration` refuses that. */
export const fatesOf = (source: FacetMigrationSource, from: Facet, to: Facet): Map<string, Fate> => {
  const listed = new Map<string, Fate>([
    ...(source.renamed ?? []).map((one) => [one.from, { kind: 'renamed', to: one.to }] as const),
    ...(source.merged ?? []).flatMap((one) => one.from.map((id) => [id, { kind: 'merged', to: one.to }] as const)),
    ...(source.split ?? []).map((one) => [one.from, splitFate(one, to)] as const),
  ])
  const moved = new Set((source.moved ?? []).map(({ node }) => node))
  const retired = new Map((source.retired ?? []).map((one) => [one.node, one]))
  const fates = new Map<string, Fate>()
  // Parents come before their children, so that what is retired to its parent finds where that went.
  for (const node of from.all()) {
    const { id } = node
    const retiring = retired.get(id)
    const fate =
      listed.get(id) ??
      (retiring === undefined ? undefined : retiredFate(node, retiring, fates)) ??
      (to.find(id) === undefined ? undefined : ({ kind: moved.has(id) ? 'moved' : 'kept', to: id } as const))
    if (fate !== undefined) fates.set(id, fate)
  }
  return fates
}

/** Where a label on the node goes. */
export const targetOf = (fate: Fate | undefined): string | undefined => {
  if (fate === undefined) return undefined
  return fate.kind === 'split' ? fate.label : fate.to
}

const splitFate = ({ from, to: weights }: { from: string; to: Record<string, number> }, to: Facet): Fate => {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0)
  const shares = Object.entries(weights).map(([id, weight]) => [id, weight / sum] as const)
  const parts = shares.flatMap(([id]) => to.find(id) ?? [])
  return { kind: 'split', weights: shares, label: to.find(from)?.id ?? commonAncestor(parts)?.id }
}

const retiredFate = (
  { id, parent }: TaxonomyNode,
  { to, because }: { to: string; because?: string | undefined },
  fates: ReadonlyMap<string, Fate>,
): Fate => {
  const reason = because ?? `${id} was retired`
  return {
    kind: 'retired',
    because: reason,
    to: to === 'parent' && parent ? targetOf(fates.get(parent.id)) : undefined,
  }
}

const commonAncestor = (nodes: readonly TaxonomyNode[]): TaxonomyNode | undefined => {
  const [first, ...others] = nodes.map(lineage)
  return first?.findLast((node) => others.every((line) => line.includes(node)))
}
