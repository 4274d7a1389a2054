import type { Facet } from '../facet.js'
import type { Fault, Place } from '../source/read-yaml.js'
import type { Taxonomy } from '../taxonomy.js'
import { fatesOf, targetOf } from './fates.js'
import type { FacetMigrationSource, MigrationSource } from './migration-schema.js'
import { weightFault } from '../source/weights.js'

interface Mention {
  readonly id: string
  readonly place: Place
  /** True where the new version may still have the node. */
  readonly mayStay?: boolean
}

/** Everything by which a migration would lose or invent a label. */
export const checkMigration = (source: MigrationSource, from: Taxonomy, to: Taxonomy): Fault[] => {
  const faults = [
    ...(source.from === from.ref ? [] : [{ place: ['from'], message: `is not the given taxonomy, ${from.ref}` }]),
    ...(source.to === to.ref ? [] : [{ place: ['to'], message: `is not the given taxonomy, ${to.ref}` }]),
  ]
  if (faults.length > 0) return faults
  return [
    ...source.facets.flatMap((facet, index) => checkListed(source, facet, index, [from, to])),
    ...unlisted(source, from, to),
  ]
}

const checkListed = (
  source: MigrationSource,
  facet: FacetMigrationSource,
  index: number,
  [from, to]: readonly [Taxonomy, Taxonomy],
): Fault[] => {
  const place = ['facets', index]
  if (source.facets.findIndex(({ id }) => id === facet.id) < index)
    return [{ place, message: `facet ${facet.id} is listed before: make the two one` }]
  const [old, next] = [from.facets.get(facet.id), to.facets.get(facet.id)]
  if (old === undefined) return [{ place, message: `${from.ref} has no facet ${facet.id}` }]
  if (next === undefined) return [{ place, message: `${to.ref} has no facet ${facet.id}: list it under retiredFacets` }]
  return checkFacet(facet, place, old, next)
}

/** Facets without changes need not be listed, if no node of them would be lost. */
const unlisted = (source: MigrationSource, from: Taxonomy, to: Taxonomy): Fault[] => {
  const retired = new Set((source.retiredFacets ?? []).map(({ id }) => id))
  const wrong = [...retired].filter((id) => !from.facets.has(id) || to.facets.has(id))
  const listed = new Set(source.facets.map(({ id }) => id))
  const others = [...from.facets.values()].filter(({ id }) => !listed.has(id) && !retired.has(id))
  return [
    ...wrong.map((id) => ({ place: ['retiredFacets'], message: `${id} is no facet that only ${from.ref} has` })),
    ...others.flatMap((old) => {
      const next = to.facets.get(old.id)
      if (next !== undefined) return checkFacet({ id: old.id }, ['facets'], old, next)
      return [{ place: ['facets'], message: `facet ${old.id} is lost: list it under retiredFacets, with the reason` }]
    }),
  ]
}

const checkFacet = (facet: FacetMigrationSource, place: Place, from: Facet, to: Facet): Fault[] => [
  ...oldNodes(facet, place, from, to),
  ...newNodes(facet, place).flatMap(({ id, place: where }) =>
    to.find(id) === undefined ? [{ place: where, message: `the new version has no node ${id} in facet ${to.id}` }] : [],
  ),
  ...(facet.split ?? []).flatMap(({ to: weights }, index) => weightFault(weights, [...place, 'split', index, 'to'])),
  ...undecided(facet, place, from),
  ...lost(facet, place, from, to),
]

const oldNodes = (facet: FacetMigrationSource, place: Place, from: Facet, to: Facet): Fault[] => {
  const seen = new Set<string>()
  return mentions(facet, place).flatMap(({ id, place: where, mayStay }) => {
    if (from.find(id) === undefined) return [{ place: where, message: `the old version has no node ${id}` }]
    if (seen.has(id)) return [{ place: where, message: `${id} is listed twice: a node has one fate` }]
    seen.add(id)
    const stays = to.find(id) !== undefined && mayStay !== true
    return stays
      ? [{ place: where, message: `${id} is still a node of the new version: take it out of this list` }]
      : []
  })
}

const mentions = (
  { renamed = [], merged = [], split = [], retired = [] }: FacetMigrationSource,
  place: Place,
): Mention[] => [
  ...renamed.map(({ from: id }, index) => ({ id, place: [...place, 'renamed', index, 'from'] })),
  ...merged.flatMap(({ from: ids, to }, index) =>
    ids.map((id, at) => ({ id, place: [...place, 'merged', index, 'from', at], mayStay: id === to })),
  ),
  // A node that is split may stay as the parent of its parts.
  ...split.map(({ from: id }, index) => ({ id, place: [...place, 'split', index, 'from'], mayStay: true })),
  ...retired.map(({ node: id }, index) => ({ id, place: [...place, 'retired', index, 'node'] })),
]

const newNodes = ({ renamed = [], merged = [], split = [] }: FacetMigrationSource, place: Place): Mention[] => [
  ...renamed.map(({ to: id }, index) => ({ id, place: [...place, 'renamed', index, 'to'] })),
  ...merged.map(({ to: id }, index) => ({ id, place: [...place, 'merged', index, 'to'] })),
  ...split.flatMap(({ to }, index) =>
    Object.keys(to).map((id) => ({ id, place: [...place, 'split', index, 'to', id] })),
  ),
]

const undecided = ({ retired = [] }: FacetMigrationSource, place: Place, from: Facet): Fault[] =>
  retired.flatMap(({ node, to }, index) => {
    const where = [...place, 'retired', index, 'to']
    if (to === 'undecided')
      return [
        { place: where, message: `${node} is undecided: write parent or unmapped, or list it as merged or split` },
      ]
    const isRoot = to === 'parent' && from.find(node)?.parent === undefined
    return isRoot ? [{ place: where, message: `${node} has no parent: write unmapped` }] : []
  })

/** Nodes that would vanish, and nodes whose path would change without a word. */
const lost = (facet: FacetMigrationSource, place: Place, from: Facet, to: Facet): Fault[] => {
  const fates = fatesOf(facet, from, to)
  const moved = new Map((facet.moved ?? []).map((one, index) => [one.node, { ...one, index }]))
  const unknown = [...moved.values()].filter(({ node }) => from.find(node) === undefined || to.find(node) === undefined)
  return [
    ...unknown.map(({ node, index }) => ({
      place: [...place, 'moved', index, 'node'],
      message: `${node} is not a node of both versions`,
    })),
    ...from.all().flatMap(({ id, parent }) => {
      const fate = fates.get(id)
      if (fate === undefined) return [{ place, message: `${id} is lost: list it as renamed, merged, split or retired` }]
      if (fate.kind !== 'kept' && fate.kind !== 'moved') return []
      const said = moved.get(id)
      const now = to.find(id)?.parent?.id ?? null
      const where = said === undefined ? place : [...place, 'moved', said.index, 'under']
      if (said !== undefined)
        return said.under === now ? [] : [{ place: where, message: `${id} lies under ${now ?? 'no node (null)'}` }]
      const expected = parent === undefined ? null : (targetOf(fates.get(parent.id)) ?? null)
      const under = now ?? 'no node (null)'
      return expected === now ? [] : [{ place, message: `${id} lies under ${under} now: list it as moved` }]
    }),
  ]
}
