import type { EventEnvelope, ReeltagError, ServiceName } from '@reeltag/contracts'
import type { KafkaConfig, Logger, Metrics } from '@reeltag/platform'
import type { Kafka } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deliver, EventBus, Subscription } from '../bus/event-bus.js'
import { DeadLetterBox } from './dead-letter-box.js'
import { openKafkaClient, toKafkaError } from './kafka-client.js'
import { KafkaConsumer } from './consuming/kafka-consumer.js'
import { KafkaIdentity } from './kafka-identity.js'
import { encodeEvent } from './kafka-message.js'
import { KafkaPublisher, type TopicMessage } from './kafka-publisher.js'
import { KafkaNames, KafkaTopics } from './kafka-topics.js'
import { firstLookMs, messageOverheadBytes, sendBytesMax } from './kafka-tuning.js'
import { MessageTaker } from './consuming/message-taker.js'

export interface KafkaEventBusOptions {
  readonly config: KafkaConfig
  readonly eventsKeptDays: number
  readonly logger: Logger
  readonly metrics: Metrics
}

/** Events through Kafka: one topic an event, one consumer group a service, dead letters in `<topic>.dlq`. */
export class KafkaEventBus implements EventBus {
  readonly relaysHere = true
  readonly died: Promise<ReeltagError>
  private readonly kafka: Kafka
  private readonly names: KafkaNames
  private readonly topics: KafkaTopics
  private readonly publisher: KafkaPublisher
  private readonly cluster: KafkaIdentity
  private readonly subscriptions: Subscription[] = []
  private consumers: KafkaConsumer[] = []
  private die: (error: ReeltagError) => void = () => undefined

  private constructor(private readonly options: KafkaEventBusOptions) {
    const { config, logger, eventsKeptDays } = options
    this.kafka = openKafkaClient(config, logger)
    this.names = new KafkaNames(config.prefix)
    this.topics = new KafkaTopics({ kafka: this.kafka, config, names: this.names, eventsKeptDays, logger })
    this.publisher = new KafkaPublisher(this.kafka)
    this.cluster = new KafkaIdentity(this.kafka, config.prefix)
    this.died = new Promise((resolve) => (this.die = resolve))
  }

  /**
   * Looks for Kafka and makes the topics. One that is down is waited for in the background: contents are accepted
   * meanwhile, and their events wait in the outbox.
   * @throws KAFKA_REFUSED where waiting would not help
   */
  static async open(options: KafkaEventBusOptions): Promise<KafkaEventBus> {
    const bus = new KafkaEventBus(options)
    const look = bus.topics.ensure().catch((error: unknown) => toKafkaError(error))
    const failure = await Promise.race([look, sleep(firstLookMs, undefined, { ref: false })])
    if (failure?.code === 'KAFKA_REFUSED') throw failure
    if (failure !== undefined) options.logger.warn({ err: failure }, 'Kafka is down; events wait in the outbox')
    return bus
  }

  get consumesHere(): boolean {
    return this.subscriptions.length > 0
  }

  identity(): Promise<string | undefined> {
    return this.cluster.get()
  }

  subscribe(consumer: ServiceName, names: readonly string[], deliver: Deliver): void {
    if (names.length === 0) return
    this.subscriptions.push({ consumer, names: new Set(names), deliver })
    this.topics.addReplays(consumer)
  }

  start(): void {
    const { kafka, names, topics } = this
    const { logger, metrics } = this.options
    // The topics for replays are known only now.
    topics.forget()
    this.consumers = this.subscriptions.map((subscription) => {
      const box = new DeadLetterBox(this.publisher, names)
      const taker = new MessageTaker({ subscription, names, box, logger, metrics })
      return new KafkaConsumer({ kafka, topics, names, subscription, taker, logger, metrics, onDead: this.die })
    })
    for (const consumer of this.consumers) consumer.start()
  }

  async publish(events: readonly EventEnvelope[]): Promise<void> {
    try {
      await this.topics.ensure()
      for (const messages of inSends(events.map((event) => this.toMessage(event)))) await this.publisher.send(messages)
    } catch (error) {
      this.topics.forget()
      throw toKafkaError(error)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()))
  }

  async close(): Promise<void> {
    await this.publisher.close()
  }

  private toMessage(event: EventEnvelope): TopicMessage {
    return { topic: this.names.event(event.type), message: encodeEvent(event) }
  }
}

const inSends = (messages: readonly TopicMessage[]): TopicMessage[][] => {
  const sends: TopicMessage[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const message of messages) {
    const its = Buffer.byteLength(message.message.value ?? '') + messageOverheadBytes
    if (bytes + its > sendBytesMax) {
      sends.push([])
      bytes = 0
    }
    sends.at(-1)?.push(message)
    bytes += its
  }
  return sends
}
