import { Injectable } from '@nestjs/common'
import { framesSampledV1, ReeltagError, sampleFrames, skipped } from '@reeltag/contracts'
import { OnJob, type FinishedStage, type StageTask } from '@reeltag/pipeline'
import { outgoing } from '@reeltag/events'
import { FramePlans } from '@reeltag/packs'
import { SamplingService } from './sampling.service.js'

/** More than the number of decoders, so that none is idle while a finished video is stored. */
const concurrency = 8

@Injectable()
export class SamplingJobs {
  constructor(
    private readonly plans: FramePlans,
    private readonly sampling: SamplingService,
  ) {}

  @OnJob(sampleFrames, { concurrency })
  async sample({ contentId, workspaceId, pack, video, signal }: StageTask): Promise<FinishedStage> {
    if (video === null) throw new ReeltagError('MEDIA_NO_VIDEO_STREAM', 'this content has no video')
    const plan = await this.plans.planOf(pack)
    if (plan === undefined) return { output: skipped }
    const { output, record } = await this.sampling.sample({ workspaceId, videoSha256: video.sha256, plan }, signal)
    const { frames, timesMs, durationMs } = output
    const events = () => [outgoing(framesSampledV1, { contentId, frames, timesMs, durationMs })]
    return { output, events, ...(record === undefined ? {} : { record }) }
  }
}
