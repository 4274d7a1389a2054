import type { Kafka } from 'kafkajs'
import { watchdog as usual } from '../kafka-tuning.js'

/**
 * Reports a member of a group that has been silent for minutes although Kafka answers. Such a client looks alive but
 * consumes nothing. While Kafka is down, silence means nothing.
 */
export class Watchdog {
  private heardAt = performance.now()
  private looking = false
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly kafka: Kafka,
    private readonly callOut: () => void,
    private readonly times: Readonly<typeof usual> = usual,
  ) {
    this.timer = setInterval(() => void this.look(), times.lookEveryMs).unref()
  }

  alive(): void {
    this.heardAt = performance.now()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async look(): Promise<void> {
    // Asking a busy Kafka may take longer than the time between two looks.
    if (this.looking || performance.now() - this.heardAt < this.times.silentMsMax) return
    this.looking = true
    const admin = this.kafka.admin()
    try {
      await admin.connect()
      await admin.describeCluster()
    } catch {
      // Silence during an outage does not count. The member has the full time again when Kafka is back.
      this.alive()
      return
    } finally {
      await admin.disconnect().catch(() => undefined)
      this.looking = false
    }
    this.stop()
    this.callOut()
  }
}
