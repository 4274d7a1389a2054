import type { Mask } from '@reeltag/contracts'
import { compiled, type FacetToDecide } from '../decide-content.js'
import { facetScores } from '../score/facet-scores.js'

/**
 * How far streams differ, each decided alone: the largest total variation between two of them, over the deciding facets.
 * In a `multi` facet it is the largest difference of a node.
 * @param ofStreams logits by facet, by the mask of the stream alone
 * @returns 0..1; undefined where there are not two streams
 */
export const disagreementOf = (
  facets: readonly FacetToDecide[],
  ofStreams: ReadonlyMap<Mask, Readonly<Record<string, ArrayLike<number>>>>,
): number | undefined => {
  if (ofStreams.size < 2) return undefined
  const ofFacets = facets
    .filter(({ role }) => role === 'deciding')
    .map((labels) => {
      const tree = compiled(labels)
      const ways = [...ofStreams].flatMap(([mask, logits]) => {
        const own = logits[labels.facet.id]
        return own === undefined ? [] : [facetScores(tree, own, mask, labels).probabilities]
      })
      return largestVariation(ways, tree)
    })
  return Math.max(0, ...ofFacets)
}

type Tree = ReturnType<typeof compiled>

const largestVariation = (ways: readonly Float64Array[], { leaves, kind }: Tree): number => {
  let largest = 0
  ways.forEach((one, index) => {
    for (const other of ways.slice(index + 1)) {
      const apart = Array.from(leaves, (leaf) => Math.abs((one[leaf] ?? 0) - (other[leaf] ?? 0)))
      const variation = kind === 'single' ? apart.reduce((sum, each) => sum + each, 0) / 2 : Math.max(0, ...apart)
      largest = Math.max(largest, variation)
    }
  })
  return Math.min(1, largest)
}
