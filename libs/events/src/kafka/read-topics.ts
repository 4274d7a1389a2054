import type { Kafka, KafkaMessage } from 'kafkajs'

export interface ReadMessage {
  readonly topic: string
  readonly message: KafkaMessage
}

/**
 * Reads all current messages of these topics. Topics that do not exist are skipped. The group is removed afterwards.
 */
export const readTopics = async (kafka: Kafka, topics: readonly string[], groupId: string): Promise<ReadMessage[]> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const existing = new Set(await admin.listTopics())
    const ends = new Map<string, bigint>()
    for (const topic of topics.filter((name) => existing.has(name))) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        if (BigInt(high) > BigInt(low)) ends.set(`${topic} ${partition}`, BigInt(high))
      }
    }
    if (ends.size === 0) return []
    const messages = await readUntil(kafka, ends, groupId)
    await admin.deleteGroups([groupId])
    return messages
  } finally {
    await admin.disconnect()
  }
}

const readUntil = async (kafka: Kafka, ends: Map<string, bigint>, groupId: string): Promise<ReadMessage[]> => {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 })
  const messages: ReadMessage[] = []
  await consumer.connect()
  try {
    const topics = [...new Set([...ends.keys()].map((place) => place.split(' ')[0] ?? ''))]
    await consumer.subscribe({ topics, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error)
      })
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            const place = `${batch.topic} ${batch.partition}`
            messages.push(...batch.messages.map((message) => ({ topic: batch.topic, message })))
            if (BigInt(batch.lastOffset()) + 1n >= (ends.get(place) ?? 0n)) ends.delete(place)
            if (ends.size === 0) resolve()
            return Promise.resolve()
          },
        })
        .catch(reject)
    })
    return messages
  } finally {
    await consumer.disconnect()
  }
}
