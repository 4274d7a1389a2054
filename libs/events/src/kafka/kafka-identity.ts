import { settlesWithin } from '@reeltag/platform'
import type { Kafka } from 'kafkajs'
import { firstLookMs, identityFreshMs } from './kafka-tuning.js'

/**
 * Identifies the cluster at the address. It is checked again every ten seconds, because a rebuilt cluster has another
 * identity.
 */
export class KafkaIdentity {
  private known: string | undefined
  private lookedAt = Number.NEGATIVE_INFINITY
  private looking: Promise<void> | undefined

  constructor(
    private readonly kafka: Kafka,
    private readonly prefix: string,
  ) {}

  /** The last known identity; undefined before the cluster has answered once. Waits only for the first answer. */
  async get(): Promise<string | undefined> {
    if (performance.now() - this.lookedAt > identityFreshMs) this.looking ??= this.look()
    if (this.known === undefined && this.looking !== undefined) await settlesWithin(firstLookMs, this.looking)
    return this.known
  }

  private async look(): Promise<void> {
    const admin = this.kafka.admin()
    try {
      await admin.connect()
      const { clusterId } = await admin.describeCluster()
      this.known = `kafka ${clusterId} ${this.prefix}`.trimEnd()
    } catch {
      // The cluster is unavailable. The publisher and the consumers report that.
    } finally {
      await admin.disconnect().catch(() => undefined)
      this.lookedAt = performance.now()
      this.looking = undefined
    }
  }
}
