import { Injectable } from '@nestjs/common'
import { classify, judgeShadow } from '@reeltag/contracts'
import {
  OnJob,
  predictionEvents,
  PredictionsRepository,
  recording,
  type FinishedStage,
  type StageTask,
} from '@reeltag/pipeline'
import { Metrics, newId } from '@reeltag/platform'
import { JudgingService } from './judging.service.js'

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
      events: ({ revision, before }) =>
        predictionEvents({ contentId, predictionId: id, revision, versions, ...decided }, before),
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
