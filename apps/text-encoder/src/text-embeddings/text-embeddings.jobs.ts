import { Injectable } from '@nestjs/common'
import { embedText, joinText, skipped, toFloat16Bytes } from '@reeltag/contracts'
import { PackServer } from '@reeltag/inference'
import { EmbeddingLedger, OnJob, type FinishedStage, type StageTask } from '@reeltag/pipeline'
import { createHash } from 'node:crypto'

/** Many at once, so that several texts meet in one batch. */
const concurrency = 32

@Injectable()
export class TextEmbeddingsJobs {
  constructor(
    private readonly packs: PackServer,
    private readonly ledger: EmbeddingLedger,
  ) {}

  @OnJob(embedText, { concurrency })
  async embed({ workspaceId, pack, submission, signal }: StageTask): Promise<FinishedStage> {
    const encoder = await this.packs.encoder(pack, embedText.stream.name, 'text-encoder')
    if (encoder === undefined) return { output: skipped }
    const text = joinText(submission)
    const inputHash = createHash('sha256').update(text).digest('hex')
    const key = { workspaceId, inputHash, preprocessing: encoder.preprocessing, encoder: encoder.ref }
    const output = await this.ledger.findOrEncode(key, async () => {
      const { vectors, ...shape } = await encoder.embed(text, signal)
      return { ...shape, vectors: toFloat16Bytes(vectors) }
    })
    return { output }
  }
}
