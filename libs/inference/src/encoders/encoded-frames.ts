import { createHash } from 'node:crypto'

/** Vectors of this many frames are remembered; of 512 floats each they take 16 MiB. */
const framesMax = 8_192

/**
 * The vectors of frames that were encoded lately, and of those being encoded now, by the frame's own bytes: black
 * leaders, still pictures and cuts of one video are encoded once. Keys contain the owner, so that response times reveal
 * nothing about the videos of another workspace.
 */
export class EncodedFrames {
  private readonly vectors = new Map<string, Promise<Float32Array>>()

  constructor(private readonly max = framesMax) {}

  keyOf(owner: string, frame: Uint8Array): string {
    return `${owner} ${createHash('sha1').update(frame).digest('base64')}`
  }

  has(key: string): boolean {
    return this.vectors.has(key)
  }

  get(key: string): Promise<Float32Array> | undefined {
    const known = this.vectors.get(key)
    if (known === undefined) return undefined
    // It was used again, so it moves to the end.
    this.vectors.delete(key)
    this.vectors.set(key, known)
    return known
  }

  /** A failure is not kept. Those who wait for it fail, too; later callers try again. */
  set(key: string, vector: Promise<Float32Array>): void {
    this.vectors.set(key, vector)
    vector.catch(() => this.vectors.delete(key))
    for (const [oldest] of this.vectors) {
      if (this.vectors.size <= this.max) break
      this.vectors.delete(oldest)
    }
  }
}
