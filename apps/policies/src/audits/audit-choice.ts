import { Inject, Injectable } from '@nestjs/common'
import { isAudited, unitOf } from '@reeltag/decisions'
import { WorkspaceKeys } from '@reeltag/pipeline'
import type { KnownPolicy } from './known-policies.js'

/** Share of what a policy publishes that is audited, where the policy does not say. */
export const AUDIT_SHARE = Symbol('reeltag.audit-share')

/** Whether a content is audited. */
@Injectable()
export class AuditChoice {
  constructor(
    private readonly keys: WorkspaceKeys,
    @Inject(AUDIT_SHARE) private readonly share: number,
  ) {}

  /** @returns the probability with which it was chosen; undefined where it was not */
  async propensityOf(workspaceId: string, policy: KnownPolicy, contentId: string): Promise<number | undefined> {
    const share = policy.document.auditShare ?? this.share
    // With the policy's id: who is chosen now does not depend on who was chosen for the truth that it was fitted on.
    const unit = unitOf(await this.keys.hash(workspaceId, `${policy.id} ${contentId}`))
    return isAudited(unit, share) ? share : undefined
  }
}
