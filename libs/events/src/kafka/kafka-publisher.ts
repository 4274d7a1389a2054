import { CompressionTypes, Partitioners, type Kafka, type Message, type Producer } from 'kafkajs'
import { clientRetry, replicasTimeoutMs } from './kafka-tuning.js'

export interface TopicMessage {
  readonly topic: string
  readonly message: Message
}

/**
 * Sends to Kafka and waits for every in-sync replica. A session of the idempotent producer is closed after any failure.
 * A batch may have arrived although its answer was lost. The broker would then take the next batch, which has the same
 * sequence numbers, for a repetition and drop it.
 */
export class KafkaPublisher {
  private producer: Promise<Producer> | undefined

  constructor(private readonly kafka: Kafka) {}

  async send(messages: readonly TopicMessage[]): Promise<void> {
    const session = (this.producer ??= this.connect())
    try {
      const producer = await session
      const topicMessages = [...byTopic(messages)].map(([topic, its]) => ({ topic, messages: its }))
      await producer.sendBatch({
        topicMessages,
        acks: -1,
        timeout: replicasTimeoutMs,
        compression: CompressionTypes.None,
      })
    } catch (error) {
      if (this.producer === session) this.producer = undefined
      void session.then((producer) => producer.disconnect()).catch(() => undefined)
      throw error
    }
  }

  async close(): Promise<void> {
    const session = this.producer
    this.producer = undefined
    await session?.then((producer) => producer.disconnect()).catch(() => undefined)
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // As Java clients do it, so that every client finds a content in the same partition.
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: clientRetry,
    })
    await producer.connect()
    return producer
  }
}

const byTopic = (messages: readonly TopicMessage[]): Map<string, Message[]> => {
  const topics = new Map<string, Message[]>()
  for (const { topic, message } of messages) {
    const its = topics.get(topic)
    if (its === undefined) topics.set(topic, [message])
    else its.push(message)
  }
  return topics
}
