import { ReeltagError, type PolicyRouting, type RoutingRules } from '@reeltag/contracts'
import type { FacetToDecide } from '../decide-content.js'
import { facetNode, type ReviewRules } from './rules.js'

/** The rules of a policy as they are applied: sensitive nodes by name, those that the tree marks too. */
export const rulesOfPolicy = (
  facets: readonly FacetToDecide[],
  routing: PolicyRouting | undefined,
): ReviewRules | undefined => {
  const rules = routing?.rules
  if (rules === undefined || Object.values(rules).every((rule) => rule === undefined)) return undefined
  const { sensitive, newAuthor, novelty, disagreement, damagedFrames } = rules
  return {
    ...(sensitive && { sensitiveNodes: sensitiveOf(facets, sensitive) }),
    ...(newAuthor && { authorContentsMin: newAuthor.contentsMin }),
    ...(novelty && { noveltyMax: novelty.max }),
    ...(disagreement && { disagreementMax: disagreement.max }),
    ...(damagedFrames && { framesDamagedMax: damagedFrames.max }),
  }
}

const sensitiveOf = (
  facets: readonly FacetToDecide[],
  { tree, nodes }: NonNullable<RoutingRules['sensitive']>,
): ReadonlySet<string> => {
  const marked = facets.flatMap(({ facet }) =>
    facet.all().flatMap((node) => (tree && node.sensitive ? [facetNode(facet.id, node.id)] : [])),
  )
  return new Set([...nodes, ...marked])
}

/** @throws DECISION_INPUT_INVALID where a node is not in the tree of its facet */
export const assertNodes = (facets: readonly FacetToDecide[], nodes: readonly string[]): void => {
  const known = new Set(facets.flatMap(({ facet }) => facet.all().map(({ id }) => facetNode(facet.id, id))))
  const unknown = nodes.filter((node) => !known.has(node))
  if (unknown.length > 0)
    throw new ReeltagError('DECISION_INPUT_INVALID', `the pack has no ${unknown.slice(0, 10).join(', ')}`)
}
