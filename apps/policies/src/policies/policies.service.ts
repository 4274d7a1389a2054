import { Injectable } from '@nestjs/common'
import {
  policyActivatedV1,
  policyRetiredV1,
  PolicyDocument,
  ReeltagError,
  type ActivatePolicy,
  type DraftPolicy,
} from '@reeltag/contracts'
import type { FacetToDecide } from '@reeltag/decisions'
import { Outbox, outgoing } from '@reeltag/events'
import { packInForce } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { replayPolicy } from '../replay/replay-policy.js'
import { CalibrationsService } from '../calibrations/calibrations.service.js'
import { FitOnTruth } from '../fitting/fit-on-truth.js'
import { lockWorkspace } from './lock-workspace.js'
import { PackFacets } from './pack-facets.js'
import { PoliciesRepository, type PolicyRow } from './policies.repository.js'
import type { PolicyActor } from './policy-actor.js'
import { publishOfPolicy } from './publish-of-policy.js'

/** What one content costs a reviewer, until it is measured. */
const minutesPerReview = 0.5

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
    private readonly truth: FitOnTruth,
    private readonly calibrations: CalibrationsService,
  ) {}

  /**
   * Finds thresholds that keep the targets, on the truth of the workspace and the scores of the pack in force. The calibration
   * is the one that is named, or else is fitted and stored with the draft.
   * @throws TARGET_UNPROVEN with the number of labels that would do; CALIBRATION_REFUSED, DECISION_INPUT_INVALID;
   * NOT_FOUND, CALIBRATION_PACK_DIFFERS of the calibration; POLICY_PACK_DIFFERS where the pack changed meanwhile
   */
  async draft({ workspaceId, actor }: PolicyActor, wanted: DraftPolicy): Promise<PolicyRow> {
    const { name, targets, delta, auditShare, candidates, coherence, routing: wantedRouting } = wanted
    const pack = await packInForce(this.db, workspaceId)
    const given =
      wanted.calibration === undefined
        ? undefined
        : await this.calibrations.forDraft(workspaceId, wanted.calibration, pack)
    const truth = await this.truth.read(workspaceId, pack)
    const { contents, leftOut } = truth
    if (contents.length === 0) throw noTruth(pack, leftOut)
    const { document: calibration } = given ?? (await this.truth.fit(truth, 'auto'))
    const candidateError = candidates === undefined ? {} : { candidateError: candidates.error }
    const { fitted, routing } = await this.truth.prove(
      truth,
      { targets, delta, coherence, ...candidateError },
      { calibrations: calibration.facets, routing: wantedRouting },
    )
    const isCalibrated = Object.values(fitted.facets).some((facet) => facet.calibration !== undefined)
    if (given !== undefined && !isCalibrated)
      throw new ReeltagError('DECISION_INPUT_INVALID', `${given.ref} calibrates none of the facets of the targets`)
    const evidence = { labelled: contents.length, ...fitted.evidence, leftOut }
    return this.db.transaction(
      async (tx) => {
        const inForce = await lockWorkspace(tx, workspaceId)
        if (inForce !== pack)
          throw new ReeltagError('POLICY_PACK_DIFFERS', `drafted on ${pack}; meanwhile ${inForce} came into force`)
        const ref = isCalibrated
          ? (given?.ref ??
            (await this.calibrations.keepForDraft(tx, { workspaceId, name, document: calibration, actor })))
          : undefined
        const document = PolicyDocument.parse({
          format: 1,
          pack,
          targets,
          delta,
          facets: fitted.facets,
          evidence,
          auditShare,
          routing,
          calibration: ref,
        })
        return this.repository.insert({ workspaceId, name, document, curves: fitted.curves, actor }, tx)
      },
      { durable: true },
    )
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
