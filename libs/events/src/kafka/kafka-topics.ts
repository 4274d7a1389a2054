import { events, type ServiceName } from '@reeltag/contracts'
import type { KafkaConfig, Logger } from '@reeltag/platform'
import type { Admin, ITopicConfig, Kafka } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { toKafkaError } from './kafka-client.js'
import { deadLettersKeptDays, newTopic } from './kafka-tuning.js'

const dayMs = 24 * 3_600_000

/** Names of topics and groups, each behind the platform's prefix. */
export class KafkaNames {
  constructor(private readonly prefix: string) {}

  event(name: string): string {
    return `${this.prefix}${name}`
  }

  deadLetters(name: string): string {
    return `${this.prefix}${name}.dlq`
  }

  /** Where dead letters are sent again to one consumer; no other reads it. */
  replays(consumer: ServiceName): string {
    return `${this.prefix}${consumer}.replay`
  }

  group(consumer: ServiceName): string {
    return `${this.prefix}${consumer}`
  }

  /** A group that reads once and is removed. */
  scratchGroup(id: string): string {
    return `${this.prefix}reeltag-cli-${id}`
  }

  /** The event's name behind a topic of ours, for a topic, its dead letters or neither. */
  eventOf(topic: string): string | undefined {
    return events.find(({ name }) => topic === this.event(name) || topic === this.deadLetters(name))?.name
  }
}

export interface TopicOptions {
  readonly kafka: Kafka
  readonly config: KafkaConfig
  readonly names: KafkaNames
  readonly eventsKeptDays: number
  readonly logger: Logger
}

/**
 * Creates missing topics. Existing ones are left unchanged, because their owner may have configured them on purpose.
 */
export class KafkaTopics {
  private readonly replays = new Set<string>()
  private made: Promise<void> | undefined

  constructor(private readonly options: TopicOptions) {}

  addReplays(consumer: ServiceName): void {
    this.replays.add(this.options.names.replays(consumer))
  }

  /** @throws KAFKA_REFUSED or KAFKA_UNREACHABLE; the next call tries again */
  ensure(): Promise<void> {
    this.made ??= this.make().catch((error: unknown) => {
      this.made = undefined
      throw toKafkaError(error)
    })
    return this.made
  }

  /** Looks again at the next `ensure`: somebody may have removed a topic. */
  forget(): void {
    this.made = undefined
  }

  private async make(): Promise<void> {
    const admin = this.options.kafka.admin()
    try {
      await admin.connect()
      const existing = new Set(await admin.listTopics())
      const wanted = this.wanted()
      const missing = wanted.filter(({ topic }) => !existing.has(topic))
      if (missing.length > 0) await create(admin, missing)
      await this.compare(
        admin,
        wanted.filter(({ topic }) => existing.has(topic)),
      )
    } finally {
      await admin.disconnect().catch(() => undefined)
    }
  }

  private wanted(): ITopicConfig[] {
    const { config, names, eventsKeptDays } = this.options
    const topic = (name: string, numPartitions: number, keptDays: number): ITopicConfig => ({
      topic: name,
      numPartitions,
      replicationFactor: config.replication ?? -1,
      configEntries: [{ name: 'retention.ms', value: String(keptDays * dayMs) }],
    })
    return [
      ...events.map(({ name }) => topic(names.event(name), config.partitions, eventsKeptDays)),
      // One partition: a replay is noted behind the letter that it settles.
      ...events.map(({ name }) => topic(names.deadLetters(name), 1, deadLettersKeptDays)),
      ...[...this.replays].map((name) => topic(name, 1, eventsKeptDays)),
    ]
  }

  private async compare(admin: Admin, existing: readonly ITopicConfig[]): Promise<void> {
    if (existing.length === 0) return
    const { topics } = await admin.fetchTopicMetadata({ topics: existing.map(({ topic }) => topic) })
    const { config, logger } = this.options
    for (const { name, partitions } of topics) {
      const wanted = existing.find(({ topic }) => topic === name)?.numPartitions ?? partitions.length
      const replication = Math.min(...partitions.map(({ replicas }) => replicas.length))
      if (partitions.length !== wanted || replication < (config.replication ?? 1)) {
        logger.warn(
          { topic: name, partitions: partitions.length, replication, wanted, wantedReplication: config.replication },
          'a topic exists with other partitions or replication than configured; it is left as it is',
        )
      }
    }
  }
}

/** Until the brokers have learned of a new topic, it looks to the client like a missing one. */
const create = async (admin: Admin, topics: ITopicConfig[]): Promise<void> => {
  await admin.createTopics({ topics, waitForLeaders: false })
  const deadline = performance.now() + newTopic.leaderWaitMs
  for (;;) {
    try {
      const seen = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) })
      if (seen.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return
      if (performance.now() > deadline) return
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await sleep(newTopic.pollMs)
  }
}
