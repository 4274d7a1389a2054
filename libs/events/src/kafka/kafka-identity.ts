import { settlesWithin } from '@reeltag/platform'
import type { Kafka } from 'kafkajs'
import { firstLookMs, identityFreshMs } from './kafka-tuning.js'

/** Which cluster answers at the address. Looked at again every ten seconds: one that is rebuilt is another. */
export class KafkaIdentity {
  private known: string | undefined
  private lookedAt = Number.NEGATIVE_INFINITY
  private looking: Promise<void> | undefined

  constructor(
    private readonly kafka: Kafka,
    private readonly prefix: string,
  ) {}

  /** What was last seen; undefined before the cluster has answered once. Waits for nothing but a first look. */
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
      // It is away; whoever publishes or consumes says so.
    } finally {
      await admin.disconnect().catch(() => undefined)
      this.lookedAt = performance.now()
      this.looking = undefined
    }
  }
}
