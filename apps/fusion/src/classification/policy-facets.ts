import type { PolicyDocument } from '@reeltag/contracts'
import { applyPolicy, type FacetToDecide } from '@reeltag/decisions'
import type { ActivePolicy } from '@reeltag/pipeline'

/** A pack's facets as the policy in force decides on them, each prepared once. */
export class PolicyFacets {
  private readonly prepared = new WeakMap<PolicyDocument, readonly FacetToDecide[]>()

  /**
   * @param pack that the content is tagged with: a policy for another pack says nothing about its scores
   * @returns the ref of the policy where one applies
   */
  of(
    pack: string,
    facets: readonly FacetToDecide[],
    active: ActivePolicy | undefined,
  ): { readonly facets: readonly FacetToDecide[]; readonly policy?: string } {
    if (active === undefined || active.document.pack !== pack) return { facets }
    const known = this.prepared.get(active.document) ?? applyPolicy(facets, active.document)
    this.prepared.set(active.document, known)
    return { facets: known, policy: active.ref }
  }
}
