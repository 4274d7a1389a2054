import { ReeltagError } from '@reeltag/contracts'
import type { EncodedFrames } from './encoded-frames.js'
import type { ModelSession } from '../sessions/model-session.js'
import { floatsOf } from '../tensors/tensor.js'

// F frames, S side, D embedding

/** Frames → one pooled vector each. */
export class VisionEncoder {
  readonly size: number

  constructor(
    private readonly session: ModelSession,
    private readonly encoded: EncodedFrames,
  ) {
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
   * Frames that this owner has had encoded lately are not encoded again.
   * @param frames_FSSC uint8 RGB, row-major
   * @param owner the workspace that they belong to
   * @returns F × D floats
   */
  async embed(
    frames_FSSC: Uint8Array,
    owner: string,
    signal?: AbortSignal,
  ): Promise<{ rows: number; dimensions: number; vectors: Float32Array }> {
    const bytes = this.size * this.size * 3
    const rows = frames_FSSC.length / bytes
    if (!Number.isInteger(rows) || rows < 1) {
      throw new ReeltagError(
        'MODEL_MISMATCH',
        `${frames_FSSC.length} bytes are not frames of ${this.size}×${this.size}`,
      )
    }
    const frames = Array.from({ length: rows }, (_, row) => frames_FSSC.subarray(row * bytes, (row + 1) * bytes))
    // Others may be waiting for the same frames. A caller that gives up stops waiting, but the run continues.
    const vectors = await unlessAborted(Promise.all(this.lookUp(frames, owner)), signal)
    const dimensions = vectors[0]?.length ?? 0
    const joined = new Float32Array(rows * dimensions)
    for (const [row, vector] of vectors.entries()) joined.set(vector, row * dimensions)
    return { rows, dimensions, vectors: joined }
  }

  /** One vector a frame: known, on its way for somebody else, or from one run over those that are new. */
  private lookUp(frames: readonly Uint8Array[], owner: string): Promise<Float32Array>[] {
    const keys = frames.map((frame) => this.encoded.keyOf(owner, frame))
    const fresh = new Map(keys.map((key, row) => [key, frames[row]] as const).filter(([key]) => !this.encoded.has(key)))
    if (fresh.size > 0) {
      const vectors = this.encode([...fresh.values()].flatMap((frame) => frame ?? []))
      for (const [row, key] of [...fresh.keys()].entries())
        this.encoded.set(
          key,
          vectors.then((all) => all[row] ?? new Float32Array()),
        )
    }
    return keys.map((key) => this.encoded.get(key) ?? Promise.reject(new Error('a frame was forgotten')))
  }

  private async encode(frames: readonly Uint8Array[]): Promise<Float32Array[]> {
    const bytes = this.size * this.size * 3
    const data = new Uint8Array(frames.length * bytes)
    for (const [row, frame] of frames.entries()) data.set(frame, row * bytes)
    const feed = { data, dims: [frames.length, this.size, this.size, 3] }
    const { data: vectors, dims } = floatsOf(await this.session.run({ frames: feed }), 'embeddings')
    const dimensions = dims[1] ?? 0
    return frames.map((_, row) => vectors.slice(row * dimensions, (row + 1) * dimensions))
  }
}

const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work
  signal.throwIfAborted()
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop))
}
