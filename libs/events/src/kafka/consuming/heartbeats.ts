import { handlerHeartbeatMs } from '../kafka-tuning.js'

/**
 * Tells the group that this member lives while its handlers are busy; a slow handler would otherwise cost it the
 * partition, and the next member the same. `check` throws what a heartbeat learned, such as a rebalance.
 */
export class Heartbeats {
  private failure: unknown
  private readonly timer: NodeJS.Timeout

  constructor(beat: () => Promise<void>) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => {
        this.failure ??= error
      })
    }, handlerHeartbeatMs)
  }

  get failed(): boolean {
    return this.failure !== undefined
  }

  check(): void {
    if (this.failure !== undefined) throw this.failure
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
