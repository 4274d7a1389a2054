import { Injectable } from '@nestjs/common'
import {
  embedFrames,
  embedText,
  pipeline,
  ReeltagError,
  type JobDefinition,
  type Modality,
  type Versions,
} from '@reeltag/contracts'
import { fromFloat16Bytes, PackServer, type Stream } from '@reeltag/inference'
import type { StageTask } from '@reeltag/pipeline'
import { EmbeddingLedger } from '@reeltag/pipeline'
import { decideContent, type Decided } from '@reeltag/decisions'
import { PackLabelsReader } from '@reeltag/packs'

type Streams = Record<Modality, Stream | null>

export interface Judgement {
  readonly decided: Decided
  readonly versions: Versions
  readonly modalities: readonly Modality[]
}

/** Applies the pack of a task to the embeddings of the earlier stages. */
@Injectable()
export class JudgingService {
  constructor(
    private readonly packs: PackServer,
    private readonly labels: PackLabelsReader,
    private readonly ledger: EmbeddingLedger,
  ) {}

  async judge(task: StageTask): Promise<Judgement> {
    const [{ facets, versions }, head, streams] = await Promise.all([
      this.labels.of(task.pack),
      this.packs.fusion(task.pack),
      this.readStreams(task),
    ])
    const modalities = (['video', 'text'] as const).filter((modality) => streams[modality] !== null)
    const logits = await head.score(streams, task.signal)
    return { decided: decideContent(facets, logits, modalities), versions, modalities }
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
