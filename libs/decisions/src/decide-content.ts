import { decide, type FacetDecision } from './policies/decide.js'
import type { ScoredNode } from './policies/strategy.js'
import { nodeProbabilities } from './score/coherence.js'
import { ReeltagError, type Decision, type Mask, type PackFacet, type Publish, type Tag } from '@reeltag/contracts'
import { lineage, pathOf, type Facet, type TaxonomyNode } from '@reeltag/taxonomy'

/** A facet of a pack, and the tree that its leaves stand in. */
export type FacetToDecide = PackFacet & { readonly facet: Facet }

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
  const { facet, leaves, temperature, publish } = labels
  if (logits === undefined) throw new ReeltagError('MODEL_MISMATCH', `the head gave no logits for facet ${facet.id}`)
  const probabilities = nodeProbabilities(facet, leaves, logits, temperature[mask] ?? 1)
  return toTags(facet.id, decide(facet, probabilities, publish[mask] ?? unfitted))
}

// What a pack does not say of a mask, nobody measured.
const unfitted: Publish = { kind: 'never', because: 'not fitted for these streams' }

const toTags = (facet: string, { decision, published, candidates }: FacetDecision<TaxonomyNode>) => {
  const tag = ({ node, probability }: ScoredNode<TaxonomyNode>, status: Tag['status']): Tag => ({
    facet,
    path: pathOf(node),
    names: lineage(node).map(({ names }) => names),
    confidence: probability,
    status,
  })
  return {
    decision,
    published: published.map((scored) => tag(scored, 'published')),
    // Where everything that is published is a leaf, nothing is left to choose.
    candidates: decision === 'published' ? [] : candidates.map((scored) => tag(scored, 'candidate')),
  }
}

/** A content is as decided as its facets together: all certified, nothing certified, or something in between. */
const joinDecisions = (decisions: readonly Decision[]): Decision => {
  const [first] = decisions
  if (first === undefined) return 'review'
  return decisions.every((decision) => decision === first) ? first : 'published-ancestor'
}
