import { ReeltagError, type Mask, type PolicyRouting, type WantedRouting } from '@reeltag/contracts'
import type { FacetToDecide } from '../decide-content.js'
import { assertNodes } from '../routing/rules-of-policy.js'
import { fitNovelty, noveltyRowsMin } from './fit-novelty.js'
import type { LabelledContent } from './labelled-content.js'

/**
 * Who looks at what, as a policy holds it: what was asked for, and where it asks for novelty, what is usual.
 * @throws DECISION_INPUT_INVALID where a node is not in the tree, or too few contents are labelled to know what is usual
 */
export const fitRouting = (
  facets: readonly FacetToDecide[],
  contents: readonly LabelledContent[],
  wanted: WantedRouting,
): PolicyRouting => {
  const { rules, costs } = wanted
  assertNodes(facets, [...(rules?.sensitive?.nodes ?? []), ...Object.keys(costs?.nodes ?? {})])
  if (rules?.novelty === undefined) return wanted
  const deciding = facets.filter(({ role }) => role === 'deciding').map(({ facet }) => facet.id)
  // By their hash, so that neither time nor whoever labelled them parts the two halves.
  const inOrder = contents.toSorted((a, b) => (a.contentHash < b.contentHash ? -1 : 1))
  const novelty: NonNullable<PolicyRouting['novelty']> = {}
  for (const mask of new Set<Mask>(contents.map((content) => content.mask))) {
    const own = inOrder.filter((content) => content.mask === mask)
    const model = fitNovelty(
      deciding,
      own.map(({ logits }) => logits),
    )
    if (model !== undefined) novelty[mask] = model
  }
  if (Object.keys(novelty).length === 0)
    throw new ReeltagError(
      'DECISION_INPUT_INVALID',
      `the rule novelty needs ${noveltyRowsMin} labelled contents with the same streams; there are ${contents.length} in all`,
    )
  return { ...wanted, novelty }
}
