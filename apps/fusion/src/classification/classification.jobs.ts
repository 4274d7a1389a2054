import { Injectable } from '@nestjs/common'
import {
  classify,
  judgeShadow,
  reviewRequestedV1,
  tagsPredictedV1,
  tagsPublishedV1,
  type Versions,
} from '@reeltag/contracts'
import { OnJob, recording, type FinishedStage, type StageTask } from '@reeltag/pipeline'
import { outgoing, type OutgoingEvent } from '@reeltag/events'
import { Metrics, newId } from '@reeltag/platform'
import type { Decided } from '@reeltag/decisions'
import { JudgingService } from './judging.service.js'
import { PredictionsRepository } from './predictions.repository.js'

/** Many at once, so that several contents meet in one batch. */
const concurrency = 32

@Injectable()
export class ClassificationJobs {
  private readonly decisions

  constructor(
    private readonly judging: JudgingService,
    private readonly predictions: PredictionsRepository,
    metrics: Metrics,
  ) {
    this.decisions = metrics.counter('reeltag_decisions_total', 'Contents by what was decided about them', ['decision'])
  }

  @OnJob(classify, { concurrency })
  async classify(task: StageTask): Promise<FinishedStage> {
    const { decided, scores, mask, versions, modalities } = await this.judging.judge(task)
    this.decisions.inc({ decision: decided.decision })
    const id = newId()
    const { contentId, workspaceId, attempt, inputHash } = task
    return {
      output: { predictionId: id },
      contentState: decided.decision === 'published' ? 'published' : 'in_review',
      durable: true,
      record: recording(this.predictions.insert, ({ revision }) => ({
        id,
        contentId,
        workspaceId,
        attempt,
        inputHash,
        revision,
        modalities,
        versions,
        scores,
        mask,
        ...decided,
      })),
      events: ({ revision }) => toEvents({ contentId, predictionId: id, revision }, decided, versions),
    }
  }

  /** It has no visible effect: no prediction, no scores, no event, no metric. */
  @OnJob(judgeShadow)
  async judgeShadow(task: StageTask): Promise<FinishedStage> {
    const { decided, versions } = await this.judging.judge(task)
    const { decision, tags } = decided
    return { output: { decision, tags, versions } }
  }
}

const toEvents = (
  subject: { readonly contentId: string; readonly predictionId: string; readonly revision: number },
  { decision, tags, because, candidates }: Decided,
  versions: Versions,
): OutgoingEvent[] => {
  const data = { ...subject, decision, versions, tags: [...tags] }
  const published = data.tags.filter(({ status }) => status === 'published')
  const reason = decision === 'review' ? ('uncertain' as const) : ('ancestor-only' as const)
  const asked = { reason, because: because && [...because], candidates }
  return [
    outgoing(tagsPredictedV1, data),
    // Only published tags, because readers of this event act on all of its tags.
    ...(published.length === 0 ? [] : [outgoing(tagsPublishedV1, { ...data, tags: published })]),
    ...(decision === 'published' ? [] : [outgoing(reviewRequestedV1, { ...data, ...asked })]),
  ]
}
