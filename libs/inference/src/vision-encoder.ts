import { ReeltagError } from '@reeltag/contracts'
import type { ModelSession } from './model-session.js'
import { floatsOf } from './tensor.js'

// F frames, S side, D embedding

/** Frames → one pooled vector each. */
export class VisionEncoder {
  readonly size: number

  constructor(private readonly session: ModelSession) {
    const { size } = session.model.manifest.preprocessing
    if (size === undefined)
      throw new ReeltagError('MANIFEST_INVALID', `${session.model.ref}: preprocessing names no size`)
    this.size = size
  }

  /** Key of the ledger beside the input: model and preparation. */
  get ref(): string {
    return this.session.model.ref
  }

  get preprocessing(): string {
    return this.session.model.manifest.preprocessing.id
  }

  /**
   * @param frames_FSSC uint8 RGB, row-major; handed over, not to be used afterwards
   * @returns F × D floats
   */
  async embed(
    frames_FSSC: Uint8Array,
    signal?: AbortSignal,
  ): Promise<{ rows: number; dimensions: number; vectors: Float32Array }> {
    const rows = frames_FSSC.length / (this.size * this.size * 3)
    if (!Number.isInteger(rows) || rows < 1) {
      throw new ReeltagError('MODEL_MISMATCH', `${frames_FSSC.length} bytes are no frames of ${this.size}×${this.size}`)
    }
    const frames = { data: frames_FSSC, dims: [rows, this.size, this.size, 3] }
    const embeddings = floatsOf(await this.session.run({ frames }, signal), 'embeddings')
    return { rows, dimensions: embeddings.dims[1] ?? 0, vectors: embeddings.data }
  }
}
