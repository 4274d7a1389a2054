import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { LOGGER } from '@reeltag/pipeline'
import type { Logger } from '@reeltag/platform'
import { CalibrationsRepository } from './calibrations.repository.js'
import { CalibrationsService, growthMin } from './calibrations.service.js'

/** New labelled contents from which a calibration is fitted again; 0: never. */
export const REFIT_LABELS = Symbol('reeltag.refit-labels')

const everyMs = 60_000
/** Whatever comes of a look, the workspace is left alone for so long: reading all its truth is work. */
const lookMinutes = 60

/** Fits calibrations again when enough new truth came. Any number of processes may do it: one looks at a workspace at a time. */
@Injectable()
export class CalibrationRefits implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<unknown> = Promise.resolve()
  private readonly stopping = new AbortController()

  constructor(
    private readonly repository: CalibrationsRepository,
    private readonly calibrations: CalibrationsService,
    @Inject(REFIT_LABELS) private readonly labelsMin: number,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.labelsMin > 0) this.timer = this.after()
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort()
    clearTimeout(this.timer)
    await this.running
  }

  /** One round over all workspaces. @returns how many calibrations were fitted */
  async look(): Promise<number> {
    let fitted = 0
    for (const { workspace_id: workspaceId, calibration_id: id } of await this.repository.grown(
      this.labelsMin,
      growthMin,
    )) {
      if (this.stopping.signal.aborted) break
      if (await this.repository.claim(workspaceId, lookMinutes)) fitted += Number(await this.refit(workspaceId, id))
    }
    return fitted
  }

  private async refit(workspaceId: string, id: string): Promise<boolean> {
    try {
      const next = await this.calibrations.refit(workspaceId, id, this.stopping.signal)
      if (next === undefined) return false
      this.logger.info(
        { workspaceId, calibration: next.ref },
        'a calibration was fitted on new truth; draft a policy with it',
      )
      return true
    } catch (err) {
      // One workspace's labels are no reason to leave the others.
      if (!this.stopping.signal.aborted)
        this.logger.warn({ err, workspaceId }, 'a calibration could not be fitted on new truth')
      return false
    }
  }

  /** The next round begins behind the end of this one. */
  private after(): NodeJS.Timeout {
    return setTimeout(() => {
      this.running = this.look()
        .catch((err: unknown) => this.logger.warn({ err }, 'new truth could not be looked for; it will be tried again'))
        .finally(() => {
          if (!this.stopping.signal.aborted) this.timer = this.after()
        })
    }, everyMs).unref()
  }
}
