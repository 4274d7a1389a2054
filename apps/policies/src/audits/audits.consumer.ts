import { Controller } from '@nestjs/common'
import { policyBreachedV1, tagsPublishedV1, type EventData } from '@reeltag/contracts'
import { groupsOfTags, type GroupedTag } from '@reeltag/decisions'
import { Inbox, OnEvent, type ReceivedEvent } from '@reeltag/events'
import { PredictionScores } from '@reeltag/pipeline'
import { Metrics } from '@reeltag/platform'
import { AuditChoice } from './audit-choice.js'
import { AuditsRepository } from './audits.repository.js'
import { KnownPolicies, type KnownPolicy } from './known-policies.js'

/** Chooses what is audited. Events may come twice; the choice is the same each time, and is written once. */
@Controller()
export class AuditsConsumer {
  private readonly chosen
  private readonly breaches

  constructor(
    private readonly inbox: Inbox,
    private readonly audits: AuditsRepository,
    private readonly policies: KnownPolicies,
    private readonly choice: AuditChoice,
    private readonly scores: PredictionScores,
    metrics: Metrics,
  ) {
    this.chosen = metrics.counter('reeltag_audits_total', 'Published tags chosen for an audit', ['facet'])
    this.breaches = metrics.counter('reeltag_policy_breaches_total', 'Promises that audits found broken')
  }

  @OnEvent(tagsPublishedV1)
  async choose(event: ReceivedEvent<typeof tagsPublishedV1>): Promise<void> {
    const { workspaceid: workspaceId, data } = event
    const { contentId, predictionId, revision, versions } = data
    // An audit asks whether the policy keeps its promise. It has not promised anything of what a person said.
    if (versions.policy === undefined || data.origin !== undefined) return
    const policy = await this.policies.of(workspaceId, versions.policy)
    const propensity = await this.choice.propensityOf(workspaceId, policy, contentId)
    if (propensity === undefined) return
    const tags = await this.promised(workspaceId, policy, data)
    if (tags.length === 0) return
    const { id: policyId, proofId } = policy
    const audit = { workspaceId, contentId, predictionId, revision, policyId, proofId, propensity, tags }
    const first = await this.inbox.once('policies', event, (tx) =>
      this.audits.add(tx, { ...audit, taxonomy: versions.taxonomy }),
    )
    if (first) for (const { facet } of tags) this.chosen.inc({ facet })
  }

  /** Where a promise is broken, in whichever process, is counted here, so that it is counted once and where metrics are read. */
  @OnEvent(policyBreachedV1)
  async breached(event: ReceivedEvent<typeof policyBreachedV1>): Promise<void> {
    const first = await this.inbox.once('policies', event, () => Promise.resolve())
    if (first) this.breaches.inc()
  }

  /** Published tags with the promise that each counts for. None where no scores are kept: its promise cannot be told. */
  private async promised(
    workspaceId: string,
    { facets }: KnownPolicy,
    { predictionId, tags }: EventData<typeof tagsPublishedV1>,
  ): Promise<GroupedTag[]> {
    const scores = await this.scores.ofPrediction(workspaceId, predictionId)
    if (scores === undefined) return []
    const published = tags.filter(({ status }) => status === 'published')
    return groupsOfTags(facets, scores.logits, scores.mask, published)
  }
}
