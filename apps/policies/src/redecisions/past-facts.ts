import type { PolicyDocument, RuleHit } from '@reeltag/contracts'
import { noveltyOf, rulesOfPolicy, unitOf, type DecideOptions, type FacetToDecide } from '@reeltag/decisions'
import type { PastContent } from './past-contents.js'

/** What a redecision knows of the rules and candidates of its policy. */
export interface PolicyOfPast {
  readonly document: PolicyDocument
  /** WorkspaceKeys.candidateHash of the workspace. */
  readonly hashOf: (contentId: string) => Promise<string>
}

/** By rule, the fact that it looks at. */
const facts = {
  'new-author': 'authorContents',
  disagreement: 'disagreement',
  'frames-damaged': 'framesDamaged',
} as const

/**
 * What can be known of past contents without a model: novelty is in the scores, and what a rule saw when it fired is kept. A
 * rule that did not fire then, and needs more than the scores, does not fire now.
 */
export const pastOptions = async (
  { id, mask, because }: Pick<PastContent, 'id' | 'mask' | 'because'>,
  facets: readonly FacetToDecide[],
  { document, hashOf }: PolicyOfPast,
): Promise<(logits: Readonly<Record<string, Float32Array>>) => DecideOptions> => {
  const draws = facets.some(({ candidates }) => candidates !== undefined)
  const unit = draws ? { unit: unitOf(await hashOf(id)) } : {}
  const rules = rulesOfPolicy(facets, document.routing)
  if (rules === undefined) return () => unit
  const model = document.routing?.novelty?.[mask ?? '']
  return (logits) => {
    const novelty = model && noveltyOf(model, logits)
    return { ...unit, rules, facts: { ...seen(because ?? []), ...(novelty === undefined ? {} : { novelty }) } }
  }
}

const seen = (because: readonly RuleHit[]): Record<string, number> =>
  Object.fromEntries(
    because.flatMap(({ rule, value }) =>
      Object.hasOwn(facts, rule) && value !== undefined ? [[facts[rule as keyof typeof facts], value]] : [],
    ),
  )
