import type { FramePlan } from '@reeltag/packs'
import type { SampledMeta } from './wire.js'

export interface SampledFrames extends SampledMeta {
  /** uint8 [frames, size, size, 3], RGB. */
  readonly tensor: Buffer
  /** WebP. */
  readonly strip: Buffer
}

/** What makes frames of a file. The file is hostile: an implementation reads it in a process of its own. */
export interface Decoder {
  /** What traces call it. */
  readonly name: string
  /** @throws MEDIA_…, DECODE_TIMEOUT, DECODE_MEMORY, DECODER_CRASHED */
  sample(file: string, plan: Pick<FramePlan, 'frames' | 'size'>, signal: AbortSignal): Promise<SampledFrames>
  close(): void
}

/** A decoder is injected by this token: an interface is not there at run time. */
export const DECODER = Symbol('reeltag.decoder')
