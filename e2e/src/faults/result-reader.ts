import { tagsPredictedV1 } from '@reeltag/contracts'
import { Kafka, logLevel, type Consumer } from 'kafkajs'

/** Reads results from the topic as another team's program does, and keeps which events spoke of which content. */
export class ResultReader {
  /** Ids of the events by content and revision; the same event may come twice, another one for the same result must not. */
  private readonly events = new Map<string, Set<string>>()

  private constructor(private readonly consumer: Consumer) {}

  static async start(brokers: string): Promise<ResultReader> {
    const retry = { retries: 1_000, initialRetryTime: 100, maxRetryTime: 1_000 }
    const kafka = new Kafka({ brokers: [brokers], clientId: 'e2e', logLevel: logLevel.NOTHING, retry })
    const reader = new ResultReader(kafka.consumer({ groupId: 'e2e-results', retry }))
    await reader.consumer.connect()
    await reader.consumer.subscribe({ topics: [tagsPredictedV1.name], fromBeginning: true })
    await reader.consumer.run({
      eachMessage: ({ message: { key, headers } }) => {
        const result = `${String(key)} ${String(headers?.['ce_revision'])}`
        const seen = reader.events.get(result) ?? new Set<string>()
        reader.events.set(result, seen.add(String(headers?.['ce_id'])))
        return Promise.resolve()
      },
    })
    return reader
  }

  /** How many different events told of the first result of this content. */
  toldOf(contentId: string): number {
    return this.events.get(`${contentId} 1`)?.size ?? 0
  }

  stop(): Promise<void> {
    return this.consumer.disconnect()
  }
}
