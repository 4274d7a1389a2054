import type { PolicyDocument } from '@reeltag/contracts'
import { applyPolicy, rulesOfPolicy, type FacetToDecide, type ReviewRules } from '@reeltag/decisions'
import type { ActivePolicy } from '@reeltag/pipeline'

/** How contents of a pack are decided. */
export interface Deciding {
  readonly facets: readonly FacetToDecide[]
  /** The policy in force, where one applies. */
  readonly policy?: ActivePolicy
  readonly rules?: ReviewRules | undefined
  /** Whether a content needs its random number. */
  readonly drawsCandidates: boolean
}

/** A pack's facets as the policy in force decides on them, each prepared once. */
export class PolicyFacets {
  private readonly prepared = new WeakMap<PolicyDocument, Deciding>()

  /** @param pack that the content is tagged with: a policy for another pack says nothing about its scores */
  of(pack: string, facets: readonly FacetToDecide[], active: ActivePolicy | undefined): Deciding {
    if (active === undefined || active.document.pack !== pack) return { facets, drawsCandidates: false }
    const known = this.prepared.get(active.document) ?? prepare(facets, active)
    this.prepared.set(active.document, known)
    return known
  }
}

const prepare = (facets: readonly FacetToDecide[], policy: ActivePolicy): Deciding => {
  const decided = applyPolicy(facets, policy.document)
  const drawsCandidates = decided.some(({ candidates }) => candidates !== undefined)
  return { facets: decided, policy, rules: rulesOfPolicy(decided, policy.document.routing), drawsCandidates }
}
