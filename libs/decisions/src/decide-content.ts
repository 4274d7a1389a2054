import { ReeltagError, type Decision, type Mask, type PackFacet, type Publish, type Tag } from '@reeltag/contracts'
import { lineage, pathOf, type Facet, type TaxonomyNode } from '@reeltag/taxonomy'
import { compileTree, type CompiledTree } from './compiled-tree.js'
import { decide } from './policies/decide.js'
import { facetScores, type Scoring } from './score/facet-scores.js'

/** A facet of a pack, the tree that its leaves stand in, and what was fitted since the pack was made. */
export type FacetToDecide = PackFacet & Pick<Scoring, 'calibration' | 'scale'> & { readonly facet: Facet }

/** What the machine makes of one content. */
export interface Decided {
  readonly decision: Decision
  /** What is published first, then what a reviewer may choose from. */
  readonly tags: readonly Tag[]
}

/**
 * Turns a head's logits into tags, and into what happens with them.
 * @param logits over the leaves, by facet
 * @param mask the streams that are present
 * @throws MODEL_MISMATCH where the head gave no logits for a facet
 */
export const decideContent = (
  facets: readonly FacetToDecide[],
  logits: Readonly<Record<string, ArrayLike<number>>>,
  mask: Mask,
): Decided => {
  const outcomes = facets.map((labels) => ({
    ...decideFacet(labels, logits[labels.facet.id], mask),
    role: labels.role,
  }))
  const deciding = outcomes.filter(({ role }) => role === 'deciding')
  const decision = joinDecisions(deciding.map((outcome) => outcome.decision))
  // An advisory facet adds to what is published; alone it would publish a content that nobody is sure of.
  const publishing = decision === 'review' ? deciding : outcomes
  return {
    decision,
    // Nobody is asked about an advisory facet, so it has no candidates.
    tags: [...publishing.flatMap(({ published }) => published), ...deciding.flatMap(({ candidates }) => candidates)],
  }
}

const decideFacet = (labels: FacetToDecide, logits: ArrayLike<number> | undefined, mask: Mask) => {
  const { facet, publish } = labels
  if (logits === undefined) throw new ReeltagError('MODEL_MISMATCH', `the head gave no logits for facet ${facet.id}`)
  const tree = compiled(labels)
  const scores = facetScores(tree, logits, mask, labels)
  const { decision, published, candidates } = decide(tree, scores, publish[mask] ?? unfitted)
  const tags = (numbers: readonly number[], status: Tag['status']): Tag[] =>
    numbers.flatMap((number) => {
      const node = tree.nodes[number]
      return node === undefined ? [] : [toTag(facet.id, node, scores.probabilities[number] ?? 0, status)]
    })
  return {
    decision,
    published: tags(published, 'published'),
    // Where everything that is published is a leaf, nothing is left to choose.
    candidates: decision === 'published' ? [] : tags(candidates, 'candidate'),
  }
}

// What a pack does not say of a mask, nobody measured.
export const unfitted: Publish = { kind: 'never', because: 'not fitted for these streams' }

// A pack's labels are read once and never change, so their trees are prepared once.
const trees = new WeakMap<FacetToDecide, CompiledTree<TaxonomyNode>>()

export const compiled = (labels: FacetToDecide): CompiledTree<TaxonomyNode> => {
  const tree = trees.get(labels) ?? compileTree<TaxonomyNode>(labels.facet, labels.leaves)
  trees.set(labels, tree)
  return tree
}

const toTag = (facet: string, node: TaxonomyNode, confidence: number, status: Tag['status']): Tag => ({
  facet,
  ...placeOf(node),
  confidence,
  status,
})

type Place = Pick<Tag, 'path' | 'names'>

// The same for every content.
const places = new WeakMap<TaxonomyNode, Place>()

const placeOf = (node: TaxonomyNode): Place => {
  const known = places.get(node)
  if (known !== undefined) return known
  const place = { path: pathOf(node), names: lineage(node).map(({ names }) => names) }
  places.set(node, place)
  return place
}

/** A content is as decided as its facets together: all certified, nothing certified, or something in between. */
export const joinDecisions = (decisions: readonly Decision[]): Decision => {
  const [first] = decisions
  if (first === undefined) return 'review'
  return decisions.every((decision) => decision === first) ? first : 'published-ancestor'
}
