import type { RoutingCosts, Tag } from '@reeltag/contracts'
import { facetNode } from './rules.js'

export type LikelyTag = Pick<Tag, 'facet' | 'path' | 'confidence' | 'status'>

/** Of each facet what is published, or else its likeliest candidate: what a reviewer's answer is worth depends on these. */
const likeliestTags = (tags: readonly LikelyTag[]): LikelyTag[] => {
  const byFacet = new Map<string, LikelyTag>()
  for (const tag of tags) {
    const known = byFacet.get(tag.facet)
    const isSurer = known !== undefined && known.status === tag.status && tag.confidence > known.confidence
    if (known === undefined || isSurer || (known.status === 'candidate' && tag.status === 'published'))
      byFacet.set(tag.facet, tag)
  }
  return [...byFacet.values()].map(({ facet, path, confidence, status }) => ({ facet, path, confidence, status }))
}

/** Probability that what would be published is wrong in its least sure facet, 0..1; 1 where nothing would be. */
export const errorProbabilityOf = (tags: readonly LikelyTag[]): number => {
  const likely = likeliestTags(tags)
  if (likely.length === 0) return 1
  return 1 - Math.min(...likely.map(({ confidence }) => Math.min(1, Math.max(0, confidence))))
}

/** Cost of an error: of the dearest facet, where the deepest node on the way that has a cost says it. */
export const errorCostOf = (tags: readonly LikelyTag[], costs: RoutingCosts | undefined): number => {
  const { nodes = {}, default: otherwise = 1 } = costs ?? {}
  const ofFacets = likeliestTags(tags).map(({ facet, path }) => {
    const named = path.split('/').findLast((node) => Object.hasOwn(nodes, facetNode(facet, node)))
    return named === undefined ? otherwise : (nodes[facetNode(facet, named)] ?? otherwise)
  })
  return ofFacets.length === 0 ? otherwise : Math.max(...ofFacets)
}
