import { Injectable } from '@nestjs/common'
import {
  policyActivatedV1,
  policyRetiredV1,
  PolicyDocument,
  ReeltagError,
  type ActivatePolicy,
  type DraftPolicy,
} from '@reeltag/contracts'
import { fitPolicy, type FacetToDecide } from '@reeltag/decisions'
import { Outbox, outgoing } from '@reeltag/events'
import { packInForce } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { replayPolicy } from '../replay/replay-policy.js'
import { readLabelled } from './labelled.js'
import { PackFacets } from './pack-facets.js'
import { PoliciesRepository, type PolicyRow } from './policies.repository.js'
import { publishOfPolicy } from './publish-of-policy.js'

/** What one content costs a reviewer, until it is measured. */
const minutesPerReview = 0.5

/** Who changes a policy, and of which workspace. */
export interface PolicyActor {
  readonly workspaceId: string
  readonly actor: string
}

export interface ReplayOptions {
  readonly progress?: (replayed: number, total: number) => void
}

/** The life of a policy: draft → replayed → active → retired. */
@Injectable()
export class PoliciesService {
  constructor(
    private readonly db: Database,
    private readonly repository: PoliciesRepository,
    private readonly packs: PackFacets,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Finds thresholds that keep the targets, on the truth of the workspace and the scores of the pack in force.
   * @throws TARGET_UNPROVEN with the number of labels that would do; CALIBRATION_REFUSED, DECISION_INPUT_INVALID
   */
  async draft(
    { workspaceId, actor }: PolicyActor,
    { name, targets, delta, auditShare }: DraftPolicy,
  ): Promise<PolicyRow> {
    const pack = await packInForce(this.db, workspaceId)
    const facets = await this.packs.of(pack)
    const { contents, leftOut } = await readLabelled(this.db, workspaceId, {
      pack,
      taxonomy: await this.packs.taxonomyOf(pack),
    })
    if (contents.length === 0) throw noTruth(pack, leftOut)
    const fitted = fitPolicy(facets, contents, { targets, delta })
    const evidence = { labelled: contents.length, ...fitted.evidence, leftOut }
    const document = PolicyDocument.parse({
      format: 1,
      pack,
      targets,
      delta,
      facets: fitted.facets,
      evidence,
      auditShare,
    })
    return this.repository.insert({ workspaceId, name, document, actor })
  }

  /** @throws NOT_FOUND, POLICY_NOTHING_TO_REPLAY */
  async replay(workspaceId: string, id: string, options: ReplayOptions = {}): Promise<PolicyRow> {
    const policy = await this.repository.get(workspaceId, id)
    const document = PolicyDocument.parse(policy.document)
    const replay = await replayPolicy(this.db, {
      workspaceId,
      document,
      before: await this.inForce(workspaceId, document.pack),
      after: await this.packs.under(document),
      minutesPerReview,
      taxonomy: await this.packs.taxonomyOf(document.pack),
      ...options,
    })
    return this.repository.keepReplay(workspaceId, policy.id, replay)
  }

  /** @throws NOT_FOUND, POLICY_NOT_REPLAYED, POLICY_CONFLICT, POLICY_PACK_DIFFERS */
  activate({ workspaceId, actor }: PolicyActor, id: string, { replaces }: ActivatePolicy): Promise<PolicyRow> {
    return this.db.transaction(
      async (tx) => {
        const { policy, retired, isRepeated } = await this.repository.activate(tx, { workspaceId, id, replaces, actor })
        if (isRepeated) return policy
        const data = {
          policyId: policy.id,
          policy: policy.ref,
          pack: policy.pack,
          replaces: retired?.ref ?? null,
          actor,
        }
        await publishOfPolicy(this.outbox, tx, policy, outgoing(policyActivatedV1, data))
        return policy
      },
      { durable: true },
    )
  }

  /** @throws NOT_FOUND, POLICY_CONFLICT */
  retire({ workspaceId, actor }: PolicyActor, id: string): Promise<PolicyRow> {
    return this.db.transaction(
      async (tx) => {
        const { policy, isRepeated } = await this.repository.retire(tx, workspaceId, id, actor)
        if (isRepeated) return policy
        const data = { policyId: policy.id, policy: policy.ref, pack: policy.pack, because: 'retired', actor } as const
        await publishOfPolicy(this.outbox, tx, policy, outgoing(policyRetiredV1, data))
        return policy
      },
      { durable: true },
    )
  }

  private async inForce(workspaceId: string, pack: string): Promise<readonly FacetToDecide[]> {
    const active = await this.repository.active(workspaceId)
    return active?.pack === pack ? this.packs.under(PolicyDocument.parse(active.document)) : this.packs.of(pack)
  }
}

const noTruth = (pack: string, leftOut: Readonly<Record<string, number>>): ReeltagError => {
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`)
  const others = reasons.length === 0 ? '' : `; left out: ${reasons.join(', ')}`
  return new ReeltagError('TARGET_UNPROVEN', `no content has both a label and scores of ${pack}${others}`)
}
