import { decide, type FacetDecision, type ScoredNode } from './policies/decide.js'
import { nodeProbabilities } from './score/coherence.js'
import { ReeltagError, type Decision, type Modality, type PackManifest, type Tag } from '@reeltag/contracts'
import { lineage, pathOf, type Facet, type TaxonomyNode } from '@reeltag/taxonomy'

/** A facet of a pack, and the tree that its leaves stand in. */
export type FacetToDecide = PackManifest['facets'][string] & { readonly facet: Facet }

/** What the machine makes of one content. */
export interface Decided {
  readonly decision: Decision
  /** What is published first, then what a reviewer may choose from. */
  readonly tags: readonly Tag[]
}

// A softmax that nobody calibrated may well reach 1, so the threshold lies beyond.
const neverPublished = Number.POSITIVE_INFINITY

/**
 * Turns a head's logits into tags, and into what happens with them.
 * @param logits over the leaves, by facet
 * @throws MODEL_MISMATCH where the head gave no logits for a facet
 */
export const decideContent = (
  facets: readonly FacetToDecide[],
  logits: Readonly<Record<string, ArrayLike<number>>>,
  modalities: readonly Modality[],
): Decided => {
  const outcomes = facets.map((labels) => ({
    ...decideFacet(labels, logits[labels.facet.id], modalities),
    advisory: labels.advisory === true,
  }))
  const deciding = outcomes.filter(({ advisory }) => !advisory)
  const decision = joinDecisions(deciding.map((outcome) => outcome.decision))
  // An advisory facet adds to what is published; alone it would publish a content that nobody is sure of.
  const publishing = decision === 'review' ? deciding : outcomes
  return {
    decision,
    // Nobody is asked about an advisory facet, so it has no candidates.
    tags: [...publishing.flatMap(({ published }) => published), ...deciding.flatMap(({ candidates }) => candidates)],
  }
}

const decideFacet = (labels: FacetToDecide, logits: ArrayLike<number> | undefined, modalities: readonly Modality[]) => {
  const { facet, leaves, temperature, publishAt, calibrated } = labels
  if (logits === undefined) throw new ReeltagError('MODEL_MISMATCH', `the head gave no logits for facet ${facet.id}`)
  const [only] = modalities
  const calibration = temperature[modalities.length > 1 || only === undefined ? 'both' : only]
  const probabilities = nodeProbabilities(facet, leaves, logits, calibration)
  return toTags(facet.id, decide(facet, probabilities, calibrated === false ? neverPublished : publishAt))
}

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
