import {
  ReeltagError,
  type CandidateRule,
  type CandidateSet,
  type Decision,
  type Mask,
  type PackFacet,
  type Publish,
  type Tag,
} from '@reeltag/contracts'
import { lineage, pathOf, type Facet, type TaxonomyNode } from '@reeltag/taxonomy'
import { compileTree, type CompiledTree } from './compiled-tree.js'
import { facetCandidates, type FacetCandidates } from './conformal/facet-candidates.js'
import { choose, likeliestBeside, type FacetDecision } from './policies/decide.js'
import type { Scores } from './policies/strategy.js'
import { wayOf } from './policies/way.js'
import { facetNode, rulesHit, type ItemFacts, type ReviewRules, type RuleHit } from './routing/rules.js'
import { facetScores, type Scoring } from './score/facet-scores.js'

/** A facet of a pack, the tree that its leaves stand in, and what was fitted since the pack was made. */
export type FacetToDecide = PackFacet &
  Pick<Scoring, 'calibration' | 'scale' | 'coherence'> & {
    readonly facet: Facet
    /** By mask, how candidates are chosen so that the truth is among them. */
    readonly candidates?: Readonly<Record<Mask, CandidateRule>>
  }

/** What the machine makes of one content. */
export interface Decided {
  readonly decision: Decision
  /** What is published first, then what a reviewer may choose from. */
  readonly tags: readonly Tag[]
  /** What is promised of the candidates; absent where nothing was fitted that could promise anything. */
  readonly candidates?: CandidateSet
  /** Rules for which a person looks, whatever the scores say; absent where none fired. */
  readonly because?: readonly RuleHit[]
}

/** What is known of a content beside its scores. */
export interface DecideOptions {
  /** Its random number, in [0, 1), which is stored with the result. Without it no candidate set is made. */
  readonly unit?: number
  readonly rules?: ReviewRules | undefined
  readonly facts?: Omit<ItemFacts, 'nodes'>
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
  { unit, rules, facts }: DecideOptions = {},
): Decided => {
  const outcomes = facets.map((labels) => decideFacet(labels, logits[labels.facet.id], mask))
  const deciding = outcomes.filter(({ labels }) => labels.role === 'deciding')
  const hits = rules === undefined ? [] : rulesHit({ ...facts, nodes: likelyNodes(outcomes) }, rules)
  const isForced = hits.length > 0
  const decision = isForced ? 'review' : joinDecisions(deciding.map((outcome) => outcome.decision))
  // An advisory facet adds to what is published; alone it would publish a content that nobody is sure of.
  const publishing = decision === 'review' ? deciding : outcomes
  const published = isForced ? [] : publishing.flatMap((outcome) => tagsOf(outcome, outcome.published, 'published'))
  // Nobody is asked about an advisory facet, so it has no candidates. Where everything is a leaf, nothing is left to choose.
  const asked = deciding.filter((outcome) => isForced || outcome.decision !== 'published')
  const sets = asked.map((outcome) => candidatesFor(outcome, mask, unit, isForced))
  const promise = unit === undefined ? undefined : joinPromises(sets, unit)
  return {
    decision,
    tags: [...published, ...sets.flatMap(({ outcome, nodes }) => tagsOf(outcome, nodes, 'candidate'))],
    ...(promise === undefined ? {} : { candidates: promise }),
    ...(isForced ? { because: hits } : {}),
  }
}

interface FacetOutcome extends Pick<FacetDecision, 'decision' | 'published'> {
  readonly labels: FacetToDecide
  readonly tree: CompiledTree<TaxonomyNode>
  readonly scores: Scores
}

const decideFacet = (labels: FacetToDecide, logits: ArrayLike<number> | undefined, mask: Mask): FacetOutcome => {
  const { facet, publish } = labels
  if (logits === undefined) throw new ReeltagError('MODEL_MISMATCH', `the head gave no logits for facet ${facet.id}`)
  const tree = compiled(labels)
  const scores = facetScores(tree, logits, mask, labels)
  const { decision, published } = choose(tree, scores, publish[mask] ?? unfitted)
  return { labels, tree, scores, decision, published }
}

/** What would be published and, of a single facet, the likeliest leaf; each with all above it. */
const likelyNodes = (outcomes: readonly FacetOutcome[]): string[] =>
  outcomes.flatMap(({ labels, tree, scores, published }) => {
    const found = new Set(tree.kind === 'single' && labels.role === 'deciding' ? wayOf(tree, scores) : [])
    for (const number of published) for (let node = number; node >= 0; node = tree.parents[node] ?? -1) found.add(node)
    return [...found].map((node) => facetNode(labels.facet.id, tree.ids[node] ?? ''))
  })

interface OfferedSet extends FacetCandidates {
  readonly outcome: FacetOutcome
  /** null: nothing is promised. */
  readonly coverage: number | null
  readonly isFitted: boolean
}

const candidatesFor = (outcome: FacetOutcome, mask: Mask, unit: number | undefined, isForced: boolean): OfferedSet => {
  const { labels, tree, scores, published, decision } = outcome
  const fitted = labels.candidates?.[mask]
  if (fitted === undefined || unit === undefined) {
    const nodes = likeliestBeside(tree, scores, isForced ? [] : published)
    return { outcome, nodes, leftOut: 0, coverage: null, isFitted: false }
  }
  const set = facetCandidates(tree, scores, fitted, unit)
  // It was fitted on contents that the scores do not publish. Of others it says nothing.
  const isPromised = set.leftOut === 0 && decision !== 'published'
  return { outcome, ...set, coverage: isPromised ? 1 - fitted.alpha : null, isFitted: true }
}

/** What is promised of each facet's candidates: no more than of the one that is promised least. */
const joinPromises = (sets: readonly OfferedSet[], unit: number): CandidateSet | undefined => {
  if (!sets.some(({ isFitted }) => isFitted)) return undefined
  const promised = sets.flatMap(({ coverage }) => coverage ?? [])
  return {
    coverage: promised.length === sets.length ? Math.min(...promised) : null,
    unit,
    leftOut: sets.reduce((sum, { leftOut }) => sum + leftOut, 0),
  }
}

const tagsOf = ({ labels, tree, scores }: FacetOutcome, numbers: readonly number[], status: Tag['status']): Tag[] =>
  numbers.flatMap((number) => {
    const node = tree.nodes[number]
    return node === undefined ? [] : [toTag(labels.facet.id, node, scores.probabilities[number] ?? 0, status)]
  })

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
