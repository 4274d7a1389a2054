import type { Kafka } from 'kafkajs'
import { watchdog as usual } from '../kafka-tuning.js'

/**
 * Calls out when a member of a group has given no sign for minutes although Kafka answers: a client that looks alive
 * and consumes nothing is worse than one that is gone. While Kafka is down silence means nothing.
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
      // An outage ends the silence that counts; the member has its time again once Kafka is back.
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
