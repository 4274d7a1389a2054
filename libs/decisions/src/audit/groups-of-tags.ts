import type { CertifiedGroup, Mask, Tag } from '@reeltag/contracts'
import { compiled, type FacetToDecide } from '../decide-content.js'
import { groupsByNode, type GroupOfPolicy } from '../policies/groups.js'
import { wayOf } from '../policies/way.js'
import { facetScores } from '../score/facet-scores.js'

export type PublishedTag = Pick<Tag, 'facet' | 'path'>

/** A published tag, and the promise that it was published by. */
export interface GroupedTag extends GroupOfPolicy {
  readonly path: string
  readonly group: CertifiedGroup
}

/**
 * The promises that published tags of one content count for. In a single facet that depends on the likeliest leaf, which
 * may be deeper than the published node, so the scores are needed.
 * @param facets as the policy decides them
 * @param logits of the content, by facet
 * @returns nothing for a tag that was published by another rule than a promise
 * @throws INFERENCE_FAILED where the scores are not those of the pack
 */
export const groupsOfTags = (
  facets: readonly FacetToDecide[],
  logits: Readonly<Record<string, ArrayLike<number>>>,
  mask: Mask,
  tags: readonly PublishedTag[],
): GroupedTag[] =>
  tags.flatMap(({ facet, path }) => {
    const labels = facets.find((each) => each.facet.id === facet)
    const [publish, scores] = [labels?.publish[mask], logits[facet]]
    if (labels === undefined || scores === undefined || publish?.kind !== 'certified') return []
    const tree = compiled(labels)
    const leaf =
      tree.kind === 'multi'
        ? tree.ids.indexOf(path.slice(path.lastIndexOf('/') + 1))
        : wayOf(tree, facetScores(tree, scores, mask, labels)).at(-1)
    const group = groupsByNode(tree, publish)[leaf ?? -1]
    return group === undefined ? [] : [{ facet, mask, under: group.under, path, group }]
  })
