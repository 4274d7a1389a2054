import { tooDeep } from './depth.js'
import { readYaml, write, type Fault, type Place } from './read-yaml.js'
import { TaxonomySource } from './schema.js'
import { walkNodes } from './walk-nodes.js'

/** @throws TAXONOMY_INVALID with every fault: file, line, place, what to do */
export const readSource = (text: string, origin: string): TaxonomySource =>
  readYaml('TAXONOMY_INVALID', origin, text, TaxonomySource, faultsOfTree)

/** Faults that a schema cannot find. Of a tree that is too deep nothing else is looked at. */
export const faultsOfTree = (source: TaxonomySource): Fault[] => {
  const deep = tooDeep(source)
  return deep.length > 0 ? deep : duplicateIds(source)
}

/** Facets with the same id, and nodes of a facet with the same id. */
const duplicateIds = ({ facets }: TaxonomySource): Fault[] => {
  const taken = new Map<string, Place>()
  return facets.flatMap((facet, index) => [
    ...claim(facet.id, ['facets', index], taken),
    ...duplicateNodes(facet, ['facets', index, 'nodes']),
  ])
}

const duplicateNodes = ({ nodes }: TaxonomySource['facets'][number], place: Place): Fault[] => {
  const taken = new Map<string, Place>()
  return walkNodes(nodes, place).flatMap(({ node, place: here, ancestors }) => {
    const faults = claim(node.id, here, taken)
    const isCycle = ancestors.some(({ id }) => id === node.id)
    return faults.map((fault) => (isCycle ? { ...fault, rule: 'cycle' } : fault))
  })
}

const claim = (id: string, place: Place, taken: Map<string, Place>): Fault[] => {
  const first = taken.get(id)
  if (first === undefined) {
    taken.set(id, place)
    return []
  }
  const message = `"${id}" is taken by ${write(first)}: choose another`
  return [{ place: [...place, 'id'], message, rule: 'duplicate-id' }]
}
