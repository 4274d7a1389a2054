import { ReeltagError, type ChosenTag } from '@reeltag/contracts'
import type { Tree } from '../tasks/trees.js'

/**
 * Holds a reviewer's tags to the tree that the item was predicted with. A tree of another version may have the same path
 * for something else, so nothing is looked up elsewhere.
 * @param taxonomy `name/version`, for the message
 * @throws VERDICT_TAGS_INVALID
 */
export const checkTags = (tags: readonly ChosenTag[], tree: Tree | undefined, taxonomy: string): void => {
  if (tags.length === 0) return
  if (tree === undefined) throw invalid(`the label tree ${taxonomy} is not on this machine`)
  const seen = new Set<string>()
  const facets = new Set<string>()
  for (const { facet, path } of tags) {
    const known = tree.get(facet)
    if (known === undefined) throw invalid(`${taxonomy} has no facet ${facet}; it has ${[...tree.keys()].join(', ')}`)
    if (!known.paths.has(path)) throw invalid(`facet ${facet} of ${taxonomy} has no node ${path}`)
    const key = JSON.stringify([facet, path])
    if (seen.has(key)) throw invalid(`${facet} ${path} stands there twice`)
    if (known.kind === 'single' && facets.has(facet)) throw invalid(`facet ${facet} takes one node of a content`)
    seen.add(key)
    facets.add(facet)
  }
}

const invalid = (detail: string): ReeltagError => new ReeltagError('VERDICT_TAGS_INVALID', detail)
