import { ReeltagError } from '@reeltag/contracts'
import { WarnOnce, type Logger, type Metrics } from '@reeltag/platform'
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventMetrics } from '../../bus/event-metrics.js'
import type { Subscription } from '../../bus/event-bus.js'
import { inOrderByKey } from '../../bus/in-order-by-key.js'
import { Heartbeats } from './heartbeats.js'
import { toKafkaError } from '../kafka-client.js'
import * as tuning from '../kafka-tuning.js'
import type { KafkaNames, KafkaTopics } from '../kafka-topics.js'
import type { MessageTaker } from './message-taker.js'
import { Watchdog } from './watchdog.js'

export interface ConsumerOptions {
  readonly kafka: Kafka
  readonly topics: KafkaTopics
  readonly names: KafkaNames
  readonly subscription: Subscription
  readonly taker: MessageTaker
  readonly logger: Logger
  readonly metrics: Metrics
  readonly onDead: (error: ReeltagError) => void
}

/** The consumer group of one service. Offsets are committed after the handlers' transactions, never before. */
export class KafkaConsumer {
  private consumer: Consumer | undefined
  private starting: Promise<void> | undefined
  private stopping = false

  constructor(private readonly options: ConsumerOptions) {}

  /** Begins in the background: a Kafka that is down must not keep a service from starting. */
  start(): void {
    this.starting ??= this.begin()
  }

  async stop(): Promise<void> {
    this.stopping = true
    this.options.taker.stop()
    await this.starting
    await this.consumer?.disconnect().catch(() => undefined)
  }

  private async begin(): Promise<void> {
    const { logger, topics, subscription } = this.options
    const outage = new WarnOnce(logger, 'Kafka is not available yet; retrying')
    while (!this.stopping) {
      try {
        await topics.ensure()
        await this.join()
        return
      } catch (error) {
        const failure = toKafkaError(error)
        if (failure.code === 'KAFKA_REFUSED') return this.options.onDead(failure)
        outage.failed(failure, { consumer: subscription.consumer })
        await this.consumer?.disconnect().catch(() => undefined)
        await sleep(tuning.joinPauseMs)
      }
    }
  }

  private async join(): Promise<void> {
    const { kafka, names, subscription } = this.options
    const consumer = kafka.consumer({
      groupId: names.group(subscription.consumer),
      ...tuning.consumer,
      allowAutoTopicCreation: false,
      retry: tuning.clientRetry,
    })
    this.consumer = consumer
    await consumer.connect()
    this.watch(consumer)
    const topics = [...subscription.names].map((name) => names.event(name))
    // A group that is new or was away for long starts with the oldest event, so that it misses none. The inbox
    // recognises repetitions.
    await consumer.subscribe({ topics: [...topics, names.replays(subscription.consumer)], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: tuning.partitionsAtOnce,
      eachBatch: (payload) => this.take(payload),
    })
  }

  private watch(consumer: Consumer): void {
    const { kafka, subscription, metrics, logger, onDead } = this.options
    const { consumerRestarts: restarts } = eventMetrics(metrics)
    const dead = (detail: string, cause?: unknown): void =>
      onDead(new ReeltagError('CONSUMER_DEAD', `${subscription.consumer}: ${detail}`, { cause }))
    const watchdog = new Watchdog(kafka, () => dead('Kafka answers, but this member has not been heard for minutes'))
    const { CRASH, HEARTBEAT, FETCH, GROUP_JOIN, DISCONNECT } = consumer.events
    for (const sign of [HEARTBEAT, FETCH, GROUP_JOIN] as const) consumer.on(sign, () => watchdog.alive())
    consumer.on(DISCONNECT, () => {
      if (this.stopping) watchdog.stop()
    })
    consumer.on(CRASH, ({ payload }) => {
      restarts.inc({ consumer: subscription.consumer })
      logger.warn({ err: payload.error, consumer: subscription.consumer }, 'a Kafka consumer crashed')
      if (!payload.restart && !this.stopping) dead(payload.error.message, payload.error)
    })
  }

  private async take(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch
    const labels = { consumer: this.options.subscription.consumer, topic, partition }
    const lag = (left: number): void =>
      eventMetrics(this.options.metrics).consumerLag.set(labels, Number(payload.batch.offsetLag()) + left)
    lag(messages.length)
    const heartbeats = new Heartbeats(payload.heartbeat)
    const takeOne = (message: KafkaMessage) =>
      this.options.taker.take(message, { topic, partition, offset: message.offset })
    try {
      for (let from = 0; from < messages.length; from += tuning.chunkMax) {
        if (!payload.isRunning() || payload.isStale()) return
        const chunk = messages.slice(from, from + tuning.chunkMax)
        await inOrderByKey(chunk, ({ key }) => key?.toString('base64') ?? '', tuning.lanes, takeOne)
        heartbeats.check()
        payload.resolveOffset(chunk.at(-1)?.offset ?? '0')
        lag(Math.max(0, messages.length - from - tuning.chunkMax))
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets())
      }
    } finally {
      heartbeats.stop()
    }
  }
}
