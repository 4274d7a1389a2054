import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common'
import { LOGGER } from '@reeltag/pipeline'
import { WarnOnce, type Logger } from '@reeltag/platform'
import { Redecider } from './redecider.js'

const pollMs = 500

/** Lets the redecider work beside everything else that a process does. */
@Injectable()
export class RedecisionWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private stopping = false
  private running: Promise<void> = Promise.resolve()
  private wake: () => void = () => undefined
  private readonly outage: WarnOnce

  constructor(
    private readonly redecider: Redecider,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.outage = new WarnOnce(logger, 'past results cannot be decided anew; retrying')
  }

  onApplicationBootstrap(): void {
    this.running = this.run()
  }

  /** Ends behind the batches that are under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true
    this.wake()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.stopping) if (!(await this.workOrWarn())) await this.pause()
  }

  private async workOrWarn(): Promise<boolean> {
    try {
      const more = await this.redecider.work()
      this.outage.worked()
      return more
    } catch (error) {
      this.outage.failed(error)
      return false
    }
  }

  private async pause(): Promise<void> {
    if (this.stopping) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
