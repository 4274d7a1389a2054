import type { FramePlan } from '@reeltag/packs'
import type { SampledMeta } from './wire.js'

export interface SampledFrames extends SampledMeta {
  /** uint8 [frames, size, size, 3], RGB. */
  readonly tensor: Buffer
  /** WebP. */
  readonly strip: Buffer
}

/** Samples frames of a file. The file is not trusted, so an implementation reads it in a process of its own. */
export interface Decoder {
  /** What traces call it. */
  readonly name: string
  /** @throws MEDIA_…, DECODE_TIMEOUT, DECODE_MEMORY, DECODER_CRASHED */
  sample(file: string, plan: Pick<FramePlan, 'frames' | 'size'>, signal: AbortSignal): Promise<SampledFrames>
  close(): void
}

/** The token for injection, because an interface does not exist at run time. */
export const DECODER = Symbol('reeltag.decoder')
