import type { Facet } from '../facet.js'
import type { Fault, Place } from '../source/read-yaml.js'
import { weightFault } from '../source/weights.js'
import type { Taxonomy } from '../taxonomy.js'
import type { MappingSource } from './mapping-schema.js'

interface Mention {
  readonly name: string
  readonly place: Place
}

/** Everything by which a mapping would lose or invent probability, and whatever no person has confirmed. */
export const checkMapping = (source: MappingSource, taxonomy: Taxonomy): Fault[] => {
  if (source.taxonomy !== taxonomy.ref)
    return [{ place: ['taxonomy'], message: `is not the given taxonomy, ${taxonomy.ref}` }]
  const facet = taxonomy.facets.get(source.facet)
  if (facet === undefined) {
    const known = [...taxonomy.facets.keys()].join(', ')
    return [{ place: ['facet'], message: `is not in ${taxonomy.ref}, which has ${known}` }]
  }
  return [...vocabulary(source), ...mentioned(source), ...unnamed(source), ...targets(source, facet)]
}

const vocabulary = ({ source: { classes } }: MappingSource): Fault[] => {
  const first = new Map<string, number>()
  return classes.flatMap((name, index) => {
    if (!first.has(name)) {
      first.set(name, index)
      return []
    }
    return [{ place: ['source', 'classes', index], message: `"${name}" is listed twice: remove one` }]
  })
}

const mentionsOf = ({ classes, unmapped = [] }: MappingSource): Mention[] => [
  ...classes.map(({ from }, index) => ({ name: from, place: ['classes', index, 'from'] })),
  ...unmapped.flatMap((group, index) =>
    group.classes.map((name, at) => ({ name, place: ['unmapped', index, 'classes', at] })),
  ),
]

const mentioned = (source: MappingSource): Fault[] => {
  const known = new Set(source.source.classes)
  const seen = new Set<string>()
  return mentionsOf(source).flatMap(({ name, place }) => {
    if (!known.has(name)) return [{ place, message: `"${name}" is no class of the vocabulary: see source.classes` }]
    if (seen.has(name)) return [{ place, message: `"${name}" is listed before: map it once, or list it as unmapped` }]
    seen.add(name)
    return []
  })
}

const unnamed = (source: MappingSource): Fault[] => {
  const seen = new Set(mentionsOf(source).map(({ name }) => name))
  return source.source.classes.flatMap((name, index) =>
    seen.has(name)
      ? []
      : [{ place: ['source', 'classes', index], message: `"${name}" is neither mapped nor listed as unmapped` }],
  )
}

const targets = ({ classes }: MappingSource, facet: Facet): Fault[] =>
  classes.flatMap(({ from, to }, index) => {
    const place = ['classes', index, 'to']
    if (to === undefined)
      return [{ place, message: `is missing for "${from}": confirm a candidate as \`to\`, or list it as unmapped` }]
    const nodes = typeof to === 'string' ? [to] : Object.keys(to)
    const unknown = nodes.filter((id) => facet.find(id) === undefined)
    return [
      ...unknown.map((id) => ({ place, message: `facet ${facet.id} has no node ${id}` })),
      ...(typeof to === 'string' ? [] : weightFault(to, place)),
    ]
  })
