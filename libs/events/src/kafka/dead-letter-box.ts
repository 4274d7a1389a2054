import type { ServiceName } from '@reeltag/contracts'
import type { IHeaders } from 'kafkajs'
import type { Refusal } from '../bus/deliver-patiently.js'
import { bytesOf, type RawMessage } from './kafka-message.js'
import type { KafkaPublisher } from './kafka-publisher.js'
import type { KafkaNames } from './kafka-topics.js'
import { letterBytesMax, letterDetailCharactersMax } from './kafka-tuning.js'

/** Where a message was read. */
export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/** Headers that say why a letter is dead; anything of that name on the message itself is not ours and is left out. */
export const letterHeader = {
  code: 'dlq_code',
  detail: 'dlq_detail',
  consumer: 'dlq_consumer',
  time: 'dlq_time',
  topic: 'dlq_topic',
  partition: 'dlq_partition',
  offset: 'dlq_offset',
  /** How many bytes the message had that was too large to keep. */
  omitted: 'dlq_omitted_bytes',
  /** On a note behind a letter: the offset of the letter that was replayed. */
  settles: 'dlq_settles',
} as const

export const withoutLetterHeaders = (headers: IHeaders = {}): IHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dlq_')))

/** Keeps what a consumer could not take in `<topic>.dlq`: the message as it was, and why. */
export class DeadLetterBox {
  constructor(
    private readonly publisher: KafkaPublisher,
    private readonly names: KafkaNames,
  ) {}

  async bury(consumer: ServiceName, name: string, message: RawMessage, place: Place, why: Refusal): Promise<void> {
    const bytes = bytesOf(message)
    const kept = bytes <= letterBytesMax
    const headers: IHeaders = {
      ...(kept ? withoutLetterHeaders(message.headers) : { [letterHeader.omitted]: String(bytes) }),
      [letterHeader.code]: why.code,
      [letterHeader.detail]: why.detail.slice(0, letterDetailCharactersMax),
      [letterHeader.consumer]: consumer,
      [letterHeader.time]: new Date().toISOString(),
      [letterHeader.topic]: place.topic,
      [letterHeader.partition]: String(place.partition),
      [letterHeader.offset]: place.offset,
    }
    const letter = { key: kept ? message.key : null, value: kept ? message.value : null, headers }
    await this.publisher.send([{ topic: this.names.deadLetters(name), message: letter }])
  }
}
