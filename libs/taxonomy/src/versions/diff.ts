import { assertDepth } from '../source/depth.js'
import type { FacetSource, TaxonomySource } from '../source/schema.js'
import { mergeCandidates, splitCandidates, type MergeCandidate, type SplitCandidate } from './candidates.js'
import { isSame } from './is-same.js'
import { factsOf, type NodeFacts, type TreeFacts } from './tree-facts.js'

type FacetHead = Omit<FacetSource, 'nodes'>

/** What changed within a facet. Nodes are told apart by their ids. `null` as a parent is the top. */
export interface FacetDiff {
  readonly facet: string
  /** Kind, names and templates of the new version, where one of them changed. */
  readonly head?: FacetHead
  readonly added: readonly { readonly node: NodeFacts; readonly parent: string | null; readonly path: string }[]
  readonly removed: readonly { readonly id: string; readonly path: string }[]
  /** Nodes with another parent. What lies under a moved node moves with it and is not listed. */
  readonly moved: readonly {
    readonly id: string
    readonly parent: string | null
    readonly from: string
    readonly to: string
  }[]
  readonly renamed: readonly {
    readonly id: string
    readonly from: NodeFacts['names']
    readonly to: NodeFacts['names']
  }[]
  /** Nodes whose synonyms, prompts or sensitivity changed. */
  readonly edited: readonly { readonly node: NodeFacts; readonly fields: readonly string[] }[]
  /** Children in their new order, where it is not the old one with the new nodes at its end. */
  readonly reordered: readonly { readonly parent: string | null; readonly children: readonly string[] }[]
  /** Removed nodes that another node of the new version seems to take up. */
  readonly merged: readonly MergeCandidate[]
  /** Nodes that several new ones seem to replace. */
  readonly split: readonly SplitCandidate[]
}

export interface TaxonomyDiff {
  readonly from: { readonly name: string; readonly version: number }
  readonly to: { readonly name: string; readonly version: number }
  readonly added: readonly FacetSource[]
  readonly removed: readonly string[]
  /** Facets of both versions that differ. */
  readonly changed: readonly FacetDiff[]
  /** Facets of the new version, in its order. */
  readonly facets: readonly string[]
}

/** How the second version of a taxonomy differs from the first. `applyDiff` makes the second of the first. */
export const diffTaxonomies = (from: TaxonomySource, to: TaxonomySource): TaxonomyDiff => {
  for (const { facets } of [from, to]) assertDepth(facets)
  const before = new Map(from.facets.map((facet) => [facet.id, facet]))
  const after = new Set(to.facets.map(({ id }) => id))
  return {
    from: { name: from.name, version: from.version },
    to: { name: to.name, version: to.version },
    added: to.facets.filter(({ id }) => !before.has(id)),
    removed: from.facets.filter(({ id }) => !after.has(id)).map(({ id }) => id),
    changed: to.facets.flatMap((facet) => {
      const old = before.get(facet.id)
      const diff = old === undefined ? undefined : diffFacets(old, facet)
      return diff === undefined || isEmpty(diff) ? [] : [diff]
    }),
    facets: to.facets.map(({ id }) => id),
  }
}

const isEmpty = ({ head, added, removed, moved, renamed, edited, reordered, merged, split }: FacetDiff): boolean =>
  head === undefined &&
  [added, removed, moved, renamed, edited, reordered, merged, split].every((part) => part.length === 0)

const diffFacets = (old: FacetSource, next: FacetSource): FacetDiff => {
  const [from, to] = [factsOf(old), factsOf(next)]
  const [{ nodes: _, ...oldHead }, { nodes: __, ...head }] = [old, next]
  const added = [...to.facts].filter(([id]) => !from.facts.has(id))
  const kept = [...to.facts].filter(([id]) => from.facts.has(id))
  const gone = [...from.facts.keys()].filter((id) => !to.facts.has(id))
  const path = (tree: TreeFacts, id: string): string => tree.paths.get(id) ?? id
  const parentOf = (id: string): string | null => to.parents.get(id) ?? null
  const moved = kept.filter(([id]) => (from.parents.get(id) ?? null) !== parentOf(id))
  return {
    facet: next.id,
    ...(isSame(oldHead, head) ? {} : { head }),
    added: added.map(([id, node]) => ({ node, parent: parentOf(id), path: path(to, id) })),
    removed: gone.map((id) => ({ id, path: path(from, id) })),
    moved: moved.map(([id]) => ({ id, parent: parentOf(id), from: path(from, id), to: path(to, id) })),
    ...changesOf(kept, from),
    reordered: reorderedOf(from, to),
    merged: mergeCandidates(from, to),
    split: splitCandidates(from, to),
  }
}

const changesOf = (
  kept: readonly (readonly [string, NodeFacts])[],
  from: TreeFacts,
): Pick<FacetDiff, 'edited' | 'renamed'> => {
  const renamed: { id: string; from: NodeFacts['names']; to: NodeFacts['names'] }[] = []
  const edited: { node: NodeFacts; fields: string[] }[] = []
  for (const [id, node] of kept) {
    const old = from.facts.get(id) ?? node
    if (!isSame(old.names, node.names)) renamed.push({ id, from: old.names, to: node.names })
    const fields = (['synonyms', 'prompts', 'sensitive'] as const).filter((field) => !isSame(old[field], node[field]))
    if (fields.length > 0) edited.push({ node, fields })
  }
  return { renamed, edited }
}

/** Children of a parent as `applyDiff` finds them: those that stay in their old order, then those that come. */
export const childrenAfter = (from: TreeFacts, to: Pick<TreeFacts, 'parents'>, parent: string | null): string[] => {
  const isHere = (id: string): boolean => to.parents.get(id) === parent
  const stay = (from.children.get(parent) ?? []).filter(isHere)
  const stayed = new Set(stay)
  return [...stay, ...[...to.parents.keys()].filter((id) => isHere(id) && !stayed.has(id))]
}

const reorderedOf = (from: TreeFacts, to: TreeFacts): FacetDiff['reordered'] => {
  const arrivals = arrivalOrder(from, to)
  return [...to.children].flatMap(([parent, children]) =>
    isSame(childrenAfter(from, { parents: arrivals }, parent), children) ? [] : [{ parent, children }],
  )
}

/** Parents by node, in the order in which a diff lists what comes: added nodes, then moved ones. */
const arrivalOrder = (from: TreeFacts, to: TreeFacts): Map<string, string | null> => {
  const all = [...to.parents]
  return new Map([...all.filter(([id]) => !from.facts.has(id)), ...all.filter(([id]) => from.facts.has(id))])
}
