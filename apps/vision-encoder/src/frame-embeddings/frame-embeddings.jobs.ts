import { Injectable } from '@nestjs/common'
import { embedFrames, Frames, ReeltagError, sampleFrames, skipped, toFloat16Bytes } from '@reeltag/contracts'
import { PackServer } from '@reeltag/inference'
import { EmbeddingLedger, OnJob, type FinishedStage, type StageTask } from '@reeltag/pipeline'
import { Blobs } from '@reeltag/platform'

/** Many at once, so that frames of several videos meet in one batch. */
const concurrency = 32

@Injectable()
export class FrameEmbeddingsJobs {
  constructor(
    private readonly packs: PackServer,
    private readonly blobs: Blobs,
    private readonly ledger: EmbeddingLedger,
  ) {}

  @OnJob(embedFrames, { concurrency })
  async embed({ workspaceId, pack, outputs, signal }: StageTask): Promise<FinishedStage> {
    const encoder = await this.packs.encoder(pack, embedFrames.stream.name, 'vision-encoder')
    if (encoder === undefined) return { output: skipped }
    const { framesSha256, size } = Frames.parse(outputs[sampleFrames.stage])
    // Four large frames have as many bytes as sixteen small ones, so the size of the sampler is compared.
    if (size !== encoder.size)
      throw new ReeltagError('MODEL_MISMATCH', `frames of ${size} px; ${encoder.ref} takes ${encoder.size}`)
    const key = { workspaceId, inputHash: framesSha256, preprocessing: encoder.preprocessing, encoder: encoder.ref }
    const output = await this.ledger.findOrEncode(key, async () => {
      const frames = new Uint8Array(await this.blobs.read(workspaceId, framesSha256))
      const { vectors, ...shape } = await encoder.embed(frames, workspaceId, signal)
      return { ...shape, vectors: toFloat16Bytes(vectors) }
    })
    return { output }
  }
}
