import { Injectable } from '@nestjs/common'
import {
  classify,
  embedFrames,
  embedText,
  pipeline,
  ReeltagError,
  reviewRequestedV1,
  tagsPredictedV1,
  tagsPublishedV1,
  type JobDefinition,
  type Modality,
  type Versions,
} from '@reeltag/contracts'
import { fromFloat16Bytes, PackServer, type Stream } from '@reeltag/inference'
import {
  OnJob,
  outgoing,
  recording,
  type OutgoingEvent,
  type StageCompletion,
  type StageTask,
} from '@reeltag/messaging'
import { EmbeddingLedger, Metrics, newId } from '@reeltag/platform'
import { ClassificationService, type Verdict } from './classification.service.js'
import { PackLabelsService } from './pack-labels.service.js'
import { PredictionsRepository } from './predictions.repository.js'

/** Many at once, so that several contents meet in one batch. */
const concurrency = 32

type Streams = Record<Modality, Stream | null>

@Injectable()
export class ClassificationJobs {
  private readonly decisions

  constructor(
    private readonly packs: PackServer,
    private readonly labels: PackLabelsService,
    private readonly ledger: EmbeddingLedger,
    private readonly classification: ClassificationService,
    private readonly predictions: PredictionsRepository,
    metrics: Metrics,
  ) {
    this.decisions = metrics.counter('reeltag_decisions_total', 'Contents by what was decided about them', ['decision'])
  }

  @OnJob(classify, { concurrency })
  async classify(task: StageTask): Promise<StageCompletion> {
    const [{ facets, versions }, head, streams] = await Promise.all([
      this.labels.of(task.pack),
      this.packs.fusion(task.pack),
      this.readStreams(task),
    ])
    const modalities = (['video', 'text'] as const).filter((modality) => streams[modality] !== null)
    const logits = await head.score(streams, task.signal)
    const verdict = this.classification.decide(facets, logits, modalities)
    this.decisions.inc({ decision: verdict.decision })
    const id = newId()
    const { contentId, workspaceId, attempt, inputHash } = task
    return {
      output: { predictionId: id },
      contentState: verdict.decision === 'published' ? 'published' : 'in_review',
      durable: true,
      record: recording(this.predictions.insert, ({ revision }) => ({
        ...{ id, contentId, workspaceId, attempt, inputHash, revision, modalities, versions },
        ...verdict,
      })),
      events: ({ revision }) => toEvents({ contentId, predictionId: id, revision }, verdict, versions),
    }
  }

  private async readStreams({ outputs, contentId }: StageTask): Promise<Streams> {
    const ids = { video: embeddingIdOf(outputs, embedFrames), text: embeddingIdOf(outputs, embedText) }
    const wanted = Object.values(ids).filter((id) => id !== undefined)
    const stored = await this.ledger.read(wanted)
    const missing = wanted.filter((id) => !stored.has(id))
    if (missing.length > 0)
      throw new ReeltagError('BLOB_MISSING', `embeddings ${missing.join(', ')} of content ${contentId}`)
    const toStream = (id: string | undefined): Stream | null => {
      const embedding = id === undefined ? undefined : stored.get(id)
      return embedding === undefined ? null : { ...embedding, vectors: fromFloat16Bytes(embedding.vectors) }
    }
    return { video: toStream(ids.video), text: toStream(ids.text) }
  }
}

const embeddingIdOf = (
  outputs: StageTask['outputs'],
  job: typeof embedFrames | typeof embedText,
): string | undefined => {
  const output = outputs[stageOf(job)]
  return output === undefined ? undefined : job.output.parse(output).embeddingId
}

const stageOf = (job: JobDefinition): string => pipeline.find((stage) => stage.job === job)?.stage ?? job.name

const toEvents = (
  subject: { readonly contentId: string; readonly predictionId: string; readonly revision: number },
  { decision, tags }: Verdict,
  versions: Versions,
): OutgoingEvent[] => {
  const data = { ...subject, decision, versions, tags: [...tags] }
  const published = data.tags.filter(({ status }) => status === 'published')
  const reason = decision === 'review' ? 'uncertain' : 'ancestor-only'
  return [
    outgoing(tagsPredictedV1, data),
    // Only what is certified: whoever reads this event acts on every tag in it.
    ...(published.length === 0 ? [] : [outgoing(tagsPublishedV1, { ...data, tags: published })]),
    ...(decision === 'published' ? [] : [outgoing(reviewRequestedV1, { ...data, reason })]),
  ]
}
