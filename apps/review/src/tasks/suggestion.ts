import type { ChosenTag, Tag } from '@reeltag/contracts'
import type { Tree } from './trees.js'

type Scored = Pick<Tag, 'facet' | 'path' | 'confidence' | 'status'>

/** From here on a node of a facet that takes several is suggested though it is not published. */
const likelierThanNot = 0.5

/**
 * What a reviewer who agrees with the model says.
 * - A facet that takes one node: the likeliest candidate; where an ancestor is published, the likeliest one under it; what
 *   is published, where there is no such candidate.
 * - A facet that takes several: what is published, or else every candidate that is likelier than not.
 * @param tags of the item
 */
export const suggestionOf = (tags: readonly Scored[], tree: Tree | undefined): ChosenTag[] => {
  const facets = [...new Set(tags.map(({ facet }) => facet))]
  return facets.flatMap((facet) => {
    const own = tags.filter((tag) => tag.facet === facet).toSorted((a, b) => b.confidence - a.confidence)
    const chosen = tree?.get(facet)?.kind === 'multi' ? several(own) : one(own)
    return chosen.map(({ path }) => ({ facet, path }))
  })
}

const several = (tags: readonly Scored[]): Scored[] => {
  const published = tags.filter(({ status }) => status === 'published')
  return published.length > 0 ? published : tags.filter(({ confidence }) => confidence >= likelierThanNot)
}

const one = (tags: readonly Scored[]): Scored[] => {
  const published = tags.find(({ status }) => status === 'published')
  const under = (path: string): boolean => published === undefined || path.startsWith(`${published.path}/`)
  const candidate = tags.find(({ status, path }) => status === 'candidate' && under(path))
  const chosen = candidate ?? published
  return chosen === undefined ? [] : [chosen]
}

/** What is true of a content by a suggestion and what a reviewer says instead: facets that are not named stay. */
export const correctedBy = (suggestion: readonly ChosenTag[], said: readonly ChosenTag[]): ChosenTag[] => {
  const named = new Set(said.map(({ facet }) => facet))
  return [...suggestion.filter(({ facet }) => !named.has(facet)), ...said.map(({ facet, path }) => ({ facet, path }))]
}
