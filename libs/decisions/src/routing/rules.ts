/** How a node of a facet is named where nodes of all facets meet. */
export const facetNode = (facet: string, node: string): string => `${facet}:${node}`

/** What is known of an item that may call for a person, however sure the model is. Absent: not known, no rule fires. */
export interface ItemFacts {
  /** Nodes that would be published or are likeliest, with all above them. */
  readonly nodes: readonly string[]
  /** Contents of the same author before this one. */
  readonly authorContents?: number
  /** Distance to what the head was fitted on, as a quantile among the data it was fitted on, 0..1. */
  readonly novelty?: number
  /** How far the streams differ, each decided alone: total variation of their probabilities, 0..1. */
  readonly disagreement?: number
  /** Share of the frames that could not be decoded, 0..1. */
  readonly framesDamaged?: number
}

/** A rule without a limit is off. */
export interface ReviewRules {
  readonly sensitiveNodes?: readonly string[] | ReadonlySet<string>
  /** An author with fewer contents is new. */
  readonly authorContentsMin?: number
  readonly noveltyMax?: number
  readonly disagreementMax?: number
  readonly framesDamagedMax?: number
}

/** A rule that fired, with what it saw and its limit: stored with the item. */
export type RuleHit =
  | { readonly rule: 'sensitive-node'; readonly node: string }
  | {
      readonly rule: 'new-author' | 'novelty' | 'disagreement' | 'frames-damaged'
      readonly value: number
      readonly limit: number
    }

/** The rules for which a person looks at the item, in a fixed order. */
export const rulesHit = (facts: ItemFacts, rules: ReviewRules): RuleHit[] => {
  const sensitive = rules.sensitiveNodes instanceof Set ? rules.sensitiveNodes : new Set(rules.sensitiveNodes)
  const { authorContents, authorContentsMin } = { ...facts, ...rules }
  const isNew = authorContents !== undefined && authorContentsMin !== undefined && authorContents < authorContentsMin
  return [
    ...facts.nodes.filter((node) => sensitive.has(node)).map((node): RuleHit => ({ rule: 'sensitive-node', node })),
    ...(isNew ? [{ rule: 'new-author', value: authorContents, limit: authorContentsMin } as const] : []),
    ...above('novelty', facts.novelty, rules.noveltyMax),
    ...above('disagreement', facts.disagreement, rules.disagreementMax),
    ...above('frames-damaged', facts.framesDamaged, rules.framesDamagedMax),
  ]
}

const above = (
  rule: 'novelty' | 'disagreement' | 'frames-damaged',
  value: number | undefined,
  limit: number | undefined,
): RuleHit[] => (value !== undefined && limit !== undefined && value > limit ? [{ rule, value, limit }] : [])
