import { Inject, Injectable } from '@nestjs/common'
import { toReeltagError, type Frames } from '@reeltag/contracts'
import { recording, type Recording } from '@reeltag/pipeline'
import { attributeNames, Blobs, Metrics, spanNames, Tracing } from '@reeltag/platform'
import { DECODER, type Decoder, type SampledFrames } from '../decoding/decoder.js'
import { FrameSetsRepository } from './frame-sets.repository.js'
import type { FramePlan } from '@reeltag/packs'

export interface Sampled {
  readonly output: Frames
  /** Makes the frames findable; absent where they already are. */
  readonly record?: Recording
}

/** Frames of a video by a plan: found where the workspace has them, else decoded and stored. */
@Injectable()
export class SamplingService {
  private readonly decodedFrames
  private readonly decodedPackets
  private readonly decodeSeconds
  private readonly decodeFailures

  constructor(
    @Inject(DECODER) private readonly decoder: Decoder,
    private readonly frameSets: FrameSetsRepository,
    private readonly blobs: Blobs,
    private readonly tracing: Tracing,
    metrics: Metrics,
  ) {
    this.decodedFrames = metrics.counter('reeltag_frames_decoded_total', 'Frames that were decoded and kept')
    this.decodedPackets = metrics.counter('reeltag_packets_decoded_total', 'Packets that were decoded for these frames')
    this.decodeSeconds = metrics.histogram('reeltag_decode_duration_seconds', 'Time that a video was with a decoder')
    this.decodeFailures = metrics.counter('reeltag_decode_failures_total', 'Videos that no frames came of', ['code'])
  }

  async sample(
    wanted: { readonly workspaceId: string; readonly videoSha256: string; readonly plan: FramePlan },
    signal: AbortSignal,
  ): Promise<Sampled> {
    const { workspaceId, videoSha256, plan } = wanted
    const known = await this.frameSets.find(workspaceId, videoSha256, plan.id)
    if (known !== undefined) return { output: { ...known, decoded: false } }
    const {
      tensor,
      strip,
      tensorBytes: _,
      packetsDecoded: __,
      ...meta
    } = await this.blobs.withFile(workspaceId, videoSha256, (path) => this.decode(path, plan, signal))
    const [frames, filmstrip] = await Promise.all([
      this.blobs.put(workspaceId, tensor),
      this.blobs.put(workspaceId, strip),
    ])
    const output = {
      ...meta,
      timesMs: [...meta.timesMs],
      framesSha256: frames.sha256,
      filmstripSha256: filmstrip.sha256,
      decoded: true,
    }
    const frameSet = { workspaceId, videoSha256, plan: plan.id, output }
    return { output, record: recording(this.frameSets.insert, () => frameSet) }
  }

  private decode(path: string, plan: FramePlan, signal: AbortSignal): Promise<SampledFrames> {
    const attributes = { [attributeNames.decoder]: this.decoder.name }
    return this.tracing.span(spanNames.decode, { attributes }, async (span) => {
      const timer = this.decodeSeconds.startTimer()
      try {
        const frames = await this.decoder.sample(path, plan, signal)
        this.decodedFrames.inc(frames.frames)
        this.decodedPackets.inc(frames.packetsDecoded)
        span.set({ [attributeNames.frames]: frames.frames })
        return frames
      } catch (error) {
        this.decodeFailures.inc({ code: toReeltagError(error).code })
        throw error
      } finally {
        timer()
      }
    })
  }
}
