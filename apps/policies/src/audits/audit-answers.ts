import { Injectable } from '@nestjs/common'
import { policyActivatedV1, policyBreachedV1, PolicyDocument } from '@reeltag/contracts'
import {
  evidenceOf,
  groupBy,
  newWatch,
  promisesOf,
  sendToReview,
  watchAudit,
  type GroupOfPolicy,
  type PromiseWatch,
} from '@reeltag/decisions'
import { Outbox, outgoing } from '@reeltag/events'
import type { Transaction } from '@reeltag/platform'
import type { CheckedLabel } from '../labels/labels.repository.js'
import { PoliciesRepository, type PolicyRow } from '../policies/policies.repository.js'
import { publishOfPolicy } from '../policies/publish-of-policy.js'
import { AuditsRepository, type Answer, type WatchedGroup } from './audits.repository.js'

/** How likely it is at most that any promise of a policy is called broken while all are kept, however long it is watched. */
export const falseAlarm = 0.05

/** Who a policy is changed by when audits do it. */
const actor = 'audit'

const keyOf = ({ proofId, facet, mask, under }: WatchedGroup): string => JSON.stringify([proofId, facet, mask, under])

export const isGroup = (a: GroupOfPolicy, b: GroupOfPolicy): boolean =>
  a.facet === b.facet && a.mask === b.mask && a.under === b.under

/** Each promise gets an equal share of the false alarms. */
export const watchFor = (document: PolicyDocument, group: GroupOfPolicy): PromiseWatch | undefined => {
  const promises = promisesOf(document)
  const promise = promises.find((each) => isGroup(each, group))
  return promise && newWatch({ alpha: promise.group.error, delta: falseAlarm / promises.length })
}

/** Hears what audits found, and takes a promise that is broken out of the policy in force. */
@Injectable()
export class AuditAnswers {
  constructor(
    private readonly audits: AuditsRepository,
    private readonly policies: PoliciesRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Runs in the transaction that stores labels, which is the only one of its workspace: answers are heard one by one, in
   * their order, and a promise is broken once.
   */
  async hear(tx: Transaction, workspaceId: string, labels: readonly CheckedLabel[]): Promise<void> {
    const looked = labels.filter(({ source }) => source === 'audit')
    if (looked.length === 0) return
    const answers = await this.audits.answer(tx, workspaceId, looked)
    for (const some of groupBy(answers, keyOf).values()) await this.watch(tx, workspaceId, some)
  }

  private async watch(tx: Transaction, workspaceId: string, answers: readonly Answer[]): Promise<void> {
    const [group] = answers
    if (group === undefined) return
    const proof = await this.policies.get(workspaceId, group.proofId, tx)
    const before = (await this.audits.watchOf(tx, group)) ?? watchFor(PolicyDocument.parse(proof.document), group)
    if (before === undefined) return
    const after = answers.reduce((watch, { correct }) => watchAudit(watch, !correct), before)
    await this.audits.keepWatch(tx, group, after)
    if (after.alarmAt === null) return
    const replacedBy = await this.lower(tx, workspaceId, group, after)
    // Once, or again where somebody brought the broken promise back.
    if (before.alarmAt === null || replacedBy !== undefined) await this.tell(tx, proof, group, after, replacedBy)
  }

  /** @returns what took the place of the policy in force; undefined where that one has no such promise */
  private async lower(
    tx: Transaction,
    workspaceId: string,
    group: WatchedGroup,
    { audits, errors, alpha }: PromiseWatch,
  ): Promise<PolicyRow | undefined> {
    await this.policies.lock(tx, workspaceId)
    const active = await this.policies.active(workspaceId, tx)
    if (active === undefined || (active.derived_from ?? active.id) !== group.proofId) return undefined
    const because = `${errors} of ${audits} audited were wrong, and at most ${Number((alpha * 100).toPrecision(3))} % was promised`
    const document = sendToReview(PolicyDocument.parse(active.document), group, because)
    if (document === undefined) return undefined
    const policy = await this.policies.replaceActive(tx, active, document, actor)
    const data = { policyId: policy.id, policy: policy.ref, pack: policy.pack, replaces: active.ref, actor }
    await publishOfPolicy(this.outbox, tx, policy, outgoing(policyActivatedV1, data))
    return policy
  }

  private async tell(
    tx: Transaction,
    proof: PolicyRow,
    { facet, mask, under }: GroupOfPolicy,
    watch: PromiseWatch,
    replacedBy: PolicyRow | undefined,
  ): Promise<void> {
    const data = {
      policyId: proof.id,
      policy: proof.ref,
      pack: proof.pack,
      facet,
      mask,
      under,
      error: watch.alpha,
      audited: watch.audits,
      wrong: watch.errors,
      evidence: evidenceOf(watch),
      alarmFrom: 1 / watch.delta,
      replacedBy: replacedBy?.ref ?? null,
    }
    await publishOfPolicy(this.outbox, tx, proof, outgoing(policyBreachedV1, data))
  }
}
