import { Injectable } from '@nestjs/common'
import { PolicyDocument } from '@reeltag/contracts'
import type { FacetToDecide } from '@reeltag/decisions'
import { PackFacets } from '../policies/pack-facets.js'
import { PoliciesRepository } from '../policies/policies.repository.js'

export interface KnownPolicy {
  readonly id: string
  /** The policy whose proof it stands on. */
  readonly proofId: string
  readonly document: PolicyDocument
  /** As it decides them. */
  readonly facets: readonly FacetToDecide[]
}

const knownMax = 100

/** Policies by name, for what reads one with every event. They never change, so each is read once. */
@Injectable()
export class KnownPolicies {
  private readonly known = new Map<string, KnownPolicy>()

  constructor(
    private readonly policies: PoliciesRepository,
    private readonly packs: PackFacets,
  ) {}

  /** @throws NOT_FOUND, PACK_INVALID */
  async of(workspaceId: string, ref: string): Promise<KnownPolicy> {
    const key = `${workspaceId} ${ref}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    const row = await this.policies.get(workspaceId, ref)
    const document = PolicyDocument.parse(row.document)
    const facets = await this.packs.under(document)
    const policy = { id: row.id, proofId: row.derived_from ?? row.id, document, facets }
    if (this.known.size >= knownMax) this.known.clear()
    this.known.set(key, policy)
    return policy
  }
}
