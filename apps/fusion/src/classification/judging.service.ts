import { Inject, Injectable } from '@nestjs/common'
import { maskOf, modalitiesOf, type Modality, type Pipeline, type Versions } from '@reeltag/contracts'
import { decideContent, type Decided } from '@reeltag/decisions'
import { fromFloat16Bytes, PackServer, type Stream } from '@reeltag/inference'
import { PackLabelsReader } from '@reeltag/packs'
import { EmbeddingLedger, PIPELINE, readStreams, type StageTask } from '@reeltag/pipeline'

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
    @Inject(PIPELINE) private readonly pipeline: Pipeline,
  ) {}

  async judge(task: StageTask): Promise<Judgement> {
    const [{ facets, versions }, head, streams] = await Promise.all([
      this.labels.of(task.pack),
      this.packs.head(task.pack),
      this.readStreams(task),
    ])
    const modalities = modalitiesOf(this.pipeline, streams.keys())
    const logits = await head.score(streams, task.signal)
    return { decided: decideContent(facets, logits, maskOf(streams.keys())), versions, modalities }
  }

  private async readStreams(task: StageTask): Promise<ReadonlyMap<string, Stream>> {
    const stored = await readStreams(task, this.ledger, this.pipeline)
    return new Map(
      [...stored].map(([name, embedding]) => [name, { ...embedding, vectors: fromFloat16Bytes(embedding.vectors) }]),
    )
  }
}
