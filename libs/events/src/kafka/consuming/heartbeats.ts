import { handlerHeartbeatMs } from '../kafka-tuning.js'

/**
 * Sends heartbeats while handlers are busy. Without them, a slow handler would cost this member the partition, and then
 * the next member, too. `check` throws what a heartbeat learned, such as a rebalance.
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
