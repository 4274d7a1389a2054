import { ReeltagError } from '@reeltag/contracts'
import type { Fault, Place } from './read-yaml.js'
import type { FacetSource, NodeSource, TaxonomySource } from './schema.js'

/**
 * Levels of a tree. Functions that walk a tree call themselves once a level, so without a limit a file could overflow the
 * stack. Large trees of the field have 3 to 7 levels.
 */
export const levelsMax = 64

export const tooDeepMessage = (levels: number): string =>
  `a tree has ${levelsMax} levels at most, and this is level ${levels}: make the branch flatter`

/** The nodes on the first level that is too deep. Walks without calling itself, because it runs before the limit holds. */
export const tooDeep = ({ facets }: Pick<TaxonomySource, 'facets'>): Fault[] =>
  facets.flatMap(({ nodes }, index) => tooDeepNodes(nodes, ['facets', index, 'nodes']))

const tooDeepNodes = (nodes: readonly NodeSource[], place: Place): Fault[] => {
  let level: { readonly node: NodeSource; readonly place: Place }[] = nodes.map((node, index) => ({
    node,
    place: [...place, index],
  }))
  for (let levels = 1; level.length > 0; levels++) {
    if (levels > levelsMax)
      return level.map((one) => ({ place: one.place, message: tooDeepMessage(levels), rule: 'too-deep' }))
    level = level.flatMap(({ node, place: above }) =>
      (node.children ?? []).map((child, index) => ({ node: child, place: [...above, 'children', index] })),
    )
  }
  return []
}

/**
 * For trees that were made by a program and not read.
 * @throws TAXONOMY_INVALID
 */
export const assertDepth = (facets: readonly Pick<FacetSource, 'id' | 'nodes'>[]): void => {
  for (const { id, nodes } of facets) {
    const [fault] = tooDeepNodes(nodes, [])
    if (fault !== undefined) throw new ReeltagError('TAXONOMY_INVALID', `facet ${id}: ${fault.message}`)
  }
}
