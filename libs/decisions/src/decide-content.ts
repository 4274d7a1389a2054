import { Injectable } from '@nestjs/common'
import { decide, nodeProbabilities, type FacetDecision, type ScoredNode } from '@reeltag/calibration'
import { ReeltagError, type Decision, type Modality, type Tag } from '@reeltag/contracts'
import { lineage, pathOf, type TaxonomyNode } from '@reeltag/taxonomy'
import type { FacetLabels } from '@reeltag/packs'

export interface Verdict {
  readonly decision: Decision
  /** What is published first, then what a reviewer may choose from. */
  readonly tags: readonly Tag[]
}

// A softmax that nobody calibrated may well reach 1, so the threshold lies beyond.
const neverPublished = Number.POSITIVE_INFINITY

/** Turns a head's logits into tags, and into what happens with them. */
@Injectable()
export class ClassificationService {
  /** @param logits over the leaves, by facet */
  decide(
    facets: readonly FacetLabels[],
    logits: Readonly<Record<string, ArrayLike<number>>>,
    modalities: readonly Modality[],
  ): Verdict {
    const outcomes = facets.map((labels) => ({
      ...this.decideFacet(labels, logits[labels.facet.id], modalities),
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

  private decideFacet(labels: FacetLabels, logits: ArrayLike<number> | undefined, modalities: readonly Modality[]) {
    const { facet, leaves, temperature, publishAt, calibrated } = labels
    if (logits === undefined) throw new ReeltagError('MODEL_MISMATCH', `the head gave no logits for facet ${facet.id}`)
    const [only] = modalities
    const calibration = temperature[modalities.length > 1 || only === undefined ? 'both' : only]
    const probabilities = nodeProbabilities(facet, leaves, logits, calibration)
    return toTags(facet.id, decide(facet, probabilities, calibrated === false ? neverPublished : publishAt))
  }
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
