import { ReeltagError } from '@reeltag/contracts'
import type { ModelSession } from '../sessions/model-session.js'
import type { Tensor } from '../tensors/tensor.js'

/** One modality of a content: rows × dimensions floats (frames of a video, tokens of a text). */
export interface Stream {
  readonly rows: number
  readonly dimensions: number
  readonly vectors: Float32Array
}

/** Two-stream cross-attention: each stream is the query of the other; a missing one is masked. */
export class FusionHead {
  constructor(private readonly session: ModelSession) {}

  get ref(): string {
    return this.session.model.ref
  }

  /** @returns logits over the leaves, by facet */
  async score(
    streams: { video: Stream | null; text: Stream | null },
    signal?: AbortSignal,
  ): Promise<Record<string, Float32Array>> {
    if (streams.video === null && streams.text === null)
      throw new ReeltagError('INFERENCE_FAILED', 'neither video nor text')
    const outputs = await this.session.run(
      {
        ...this.feed('frames', 'frame_mask', streams.video),
        ...this.feed('text_tokens', 'text_mask', streams.text),
      },
      signal,
    )
    const logits = Object.entries(outputs).filter(([name]) => name.startsWith('logits_'))
    return Object.fromEntries(logits.map(([name, { data }]) => [name.slice('logits_'.length), data as Float32Array]))
  }

  private feed(name: string, maskName: string, stream: Stream | null): Record<string, Tensor> {
    const dimensions = this.dimensionsOf(name)
    if (stream !== null && stream.dimensions !== dimensions) {
      throw new ReeltagError('MODEL_MISMATCH', `${name} are ${stream.dimensions} wide, ${this.ref} takes ${dimensions}`)
    }
    const rows = stream?.rows ?? 1
    // A copy: the buffer is handed to the session's thread, and the caller may hold the ledger's.
    const data = stream === null ? new Float32Array(dimensions) : stream.vectors.slice()
    return {
      [name]: { data, dims: [1, rows, dimensions] },
      [maskName]: { data: new Float32Array(rows).fill(stream === null ? 0 : 1), dims: [1, rows] },
    }
  }

  private dimensionsOf(name: string): number {
    return Number(this.session.model.manifest.inputs.find((input) => input.name === name)?.shape[2])
  }
}
