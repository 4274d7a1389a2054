import { ReeltagError } from '@reeltag/contracts'
import type { FacetSource, TaxonomySource } from '../source/schema.js'
import { childrenAfter, type FacetDiff, type TaxonomyDiff } from './diff.js'
import { factsOf, nodesOf, type NodeFacts } from './tree-facts.js'

/**
 * Makes the version that a diff leads to.
 * @throws TAXONOMY_INVALID where the diff was made of another version, or of another content of it
 */
export const applyDiff = (source: TaxonomySource, diff: TaxonomyDiff): TaxonomySource => {
  const { from, to } = diff
  if (source.name !== from.name || source.version !== from.version)
    throw new ReeltagError(
      'TAXONOMY_INVALID',
      `the diff starts from ${from.name}/${from.version}, not from ${source.name}/${source.version}`,
    )
  const changes = new Map(diff.changed.map((change) => [change.facet, change]))
  const held = new Map([...source.facets, ...diff.added].map((facet) => [facet.id, facet]))
  const facets = diff.facets.map((id) => {
    const facet = held.get(id)
    if (facet === undefined) throw new ReeltagError('TAXONOMY_INVALID', `the diff needs a facet ${id}`)
    const change = changes.get(id)
    return change === undefined ? facet : changeFacet(facet, change)
  })
  return { ...source, ...to, facets }
}

const changeFacet = (facet: FacetSource, diff: FacetDiff): FacetSource => {
  const before = factsOf(facet)
  const facts = new Map(before.facts)
  const parents = new Map<string, string | null>()
  for (const { id } of diff.removed) facts.delete(id)
  for (const { node, parent } of diff.added) {
    facts.set(node.id, node)
    parents.set(node.id, parent)
  }
  const moved = new Map(diff.moved.map(({ id, parent }) => [id, parent]))
  // Moved nodes in the order in which the diff lists them, as its maker did.
  for (const { id, parent } of diff.moved) parents.set(id, parent)
  for (const [id, parent] of before.parents) if (facts.has(id) && !moved.has(id)) parents.set(id, parent)
  for (const { id, to } of diff.renamed) facts.set(id, { ...known(facts, id), names: to })
  for (const { node } of diff.edited) facts.set(node.id, node)
  const order = new Map(diff.reordered.map(({ parent, children }) => [parent, children]))
  const places = [null, ...facts.keys()]
  const children = new Map(
    places.map((parent) => [parent, order.get(parent) ?? childrenAfter(before, { parents }, parent)]),
  )
  const { nodes: _, ...head } = facet
  return { ...(diff.head ?? head), nodes: nodesOf({ facts, children }) }
}

const known = (facts: ReadonlyMap<string, NodeFacts>, id: string): NodeFacts => {
  const node = facts.get(id)
  if (node === undefined) throw new ReeltagError('TAXONOMY_INVALID', `the diff changes ${id}, which is not in the tree`)
  return node
}
