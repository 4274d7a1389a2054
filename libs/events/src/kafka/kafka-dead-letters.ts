import { events, ReeltagError, ServiceName } from '@reeltag/contracts'
import { newId, type KafkaConfig, type Logger } from '@reeltag/platform'
import type { IHeaders, Kafka, KafkaMessage } from 'kafkajs'
import { matches, type DeadLetter, type DeadLetterFilter, type DeadLetters } from '../bus/dead-letters.js'
import { letterHeader, withoutLetterHeaders } from './dead-letter-box.js'
import { openKafkaClient, toKafkaError } from './kafka-client.js'
import { KafkaPublisher } from './kafka-publisher.js'
import { KafkaNames } from './kafka-topics.js'
import { readTopics, type ReadMessage } from './read-topics.js'

interface KeptLetter {
  readonly letter: DeadLetter
  readonly topic: string
  readonly message: KafkaMessage
}

const header = (headers: IHeaders | undefined, name: string): string | undefined => headers?.[name]?.toString()

/**
 * Dead letters in Kafka's `<topic>.dlq`. A replay goes to a topic that only the consumer that failed reads, so that
 * no other reader of the event sees it again, and is noted behind the letter.
 */
export class KafkaDeadLetters implements DeadLetters {
  private readonly kafka: Kafka
  private readonly names: KafkaNames
  private readonly publisher: KafkaPublisher

  constructor(config: KafkaConfig, logger: Logger) {
    this.kafka = openKafkaClient(config, logger)
    this.names = new KafkaNames(config.prefix)
    this.publisher = new KafkaPublisher(this.kafka)
  }

  async list(filter: DeadLetterFilter): Promise<DeadLetter[]> {
    return (await this.read(filter)).map(({ letter }) => letter)
  }

  async replay(filter: DeadLetterFilter): Promise<DeadLetter[]> {
    const found = (await this.read({ ...filter, replayed: false })).filter(({ letter }) => letter.isWhole)
    for (const { letter, topic, message } of found) {
      const consumer = ServiceName.parse(letter.consumer)
      const origin = header(message.headers, letterHeader.topic) ?? ''
      const again = {
        key: message.key,
        value: message.value,
        headers: { ...withoutLetterHeaders(message.headers), [letterHeader.topic]: origin },
      }
      await this.send(this.names.replays(consumer), again)
      // Written only now. After a crash in between, the event is replayed once more and the inbox recognises it.
      const note = { [letterHeader.settles]: message.offset, [letterHeader.time]: new Date().toISOString() }
      await this.send(topic, { key: message.key, value: null, headers: note })
    }
    return found.map(({ letter }) => letter)
  }

  async close(): Promise<void> {
    await this.publisher.close()
  }

  private async send(topic: string, message: Pick<KafkaMessage, 'key' | 'value' | 'headers'>): Promise<void> {
    const { key, value, headers = {} } = message
    await this.publisher.send([{ topic, message: { key, value, headers } }]).catch((error: unknown) => {
      throw toKafkaError(error)
    })
  }

  private async read(filter: DeadLetterFilter): Promise<KeptLetter[]> {
    const wanted = events.map(({ name }) => name).filter((name) => (filter.name ?? name) === name)
    if (wanted.length === 0) throw new ReeltagError('NOT_FOUND', `there is no event ${filter.name ?? ''}`)
    const topics = wanted.map((name) => this.names.deadLetters(name))
    const messages = await readTopics(this.kafka, topics, this.names.scratchGroup(newId())).catch((error: unknown) => {
      throw toKafkaError(error)
    })
    const settled = new Map(messages.flatMap((it) => settlementOf(it)))
    return messages
      .filter(({ message }) => header(message.headers, letterHeader.code) !== undefined)
      .map((it) => ({ ...it, letter: this.toLetter(it, settled.get(placeOf(it.topic, it.message.offset))) }))
      .filter(({ letter }) => matches(letter, filter))
      .sort((a, b) => a.letter.failedAt.getTime() - b.letter.failedAt.getTime())
  }

  private toLetter({ topic, message }: ReadMessage, replayedAt: Date | undefined): DeadLetter {
    const { headers } = message
    return {
      place: placeOf(topic, message.offset),
      consumer: header(headers, letterHeader.consumer) ?? '',
      name: this.names.eventOf(topic) ?? topic,
      eventId: header(headers, 'ce_id') ?? null,
      contentId: header(headers, 'ce_subject') ?? null,
      code: header(headers, letterHeader.code) ?? '',
      detail: header(headers, letterHeader.detail) ?? '',
      failedAt: new Date(header(headers, letterHeader.time) ?? Number(message.timestamp)),
      replayedAt: replayedAt ?? null,
      isWhole: header(headers, letterHeader.omitted) === undefined,
    }
  }
}

const placeOf = (topic: string, offset: string): string => `${topic}/${offset}`

const settlementOf = ({ topic, message }: ReadMessage): [string, Date][] => {
  const offset = header(message.headers, letterHeader.settles)
  if (offset === undefined) return []
  return [[placeOf(topic, offset), new Date(header(message.headers, letterHeader.time) ?? Number(message.timestamp))]]
}
