import { EventEnvelope, ReeltagError } from '@reeltag/contracts'
import { Kafka as binding, type CloudEventV1, type KafkaMessage as BoundMessage } from 'cloudevents'
import type { IHeaders, Message } from 'kafkajs'
import { z } from 'zod'
import { messageBytesMax } from './kafka-tuning.js'

/** A message as Kafka delivers it and as dead letters keep it. */
export interface RawMessage {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: IHeaders | undefined
}

/** An event as CloudEvents 1.0 in binary mode: attributes in `ce_` headers, data as the value, key = content id. */
export const encodeEvent = (event: EventEnvelope): Message & { value: string } => {
  const bound = binding.binary({ ...event, data: JSON.stringify(event.data) } as CloudEventV1<string>)
  const headers = Object.entries(bound.headers).flatMap(([name, value]) =>
    // The content type has a header of its own in binary mode.
    value === undefined || name === 'ce_datacontenttype' ? [] : [[name, String(value)] as const],
  )
  // Tracing libraries look for the header of the W3C, which CloudEvents calls ce_traceparent.
  const trace = event.traceparent === undefined ? {} : { traceparent: event.traceparent }
  return {
    key: event.subject,
    value: bound.body as string,
    headers: { ...Object.fromEntries(headers), ...trace },
    timestamp: String(Date.parse(event.time)),
  }
}

export const bytesOf = ({ key, value, headers = {} }: RawMessage): number =>
  (key?.length ?? 0) +
  (value?.length ?? 0) +
  Object.entries(headers).reduce((sum, [name, header]) => sum + name.length + String(header ?? '').length, 0)

/** @throws EVENT_UNREADABLE, since a topic may contain anything */
export const decodeEvent = (message: RawMessage): EventEnvelope => {
  const bytes = bytesOf(message)
  if (bytes > messageBytesMax) throw new ReeltagError('EVENT_UNREADABLE', `${bytes} bytes; ${messageBytesMax} at most`)
  let decoded: unknown
  try {
    const value = new TextDecoder('utf-8', { fatal: true }).decode(message.value ?? new Uint8Array())
    const headers = textHeaders(message.headers)
    const bound = { key: message.key?.toString() ?? '', value, body: value, headers } as BoundMessage<string>
    decoded = binding.toEvent(bound)
  } catch (error) {
    throw new ReeltagError('EVENT_UNREADABLE', error instanceof Error ? error.message : String(error), { cause: error })
  }
  const parsed = ReceivedEnvelope.safeParse(decoded)
  if (!parsed.success) throw new ReeltagError('EVENT_UNREADABLE', z.prettifyError(parsed.error))
  return parsed.data
}

const numeral = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)

/** Headers are text; the envelope's numbers come back as numbers. */
const ReceivedEnvelope = z
  .looseObject({ sequence: numeral, revision: numeral, schemaversion: numeral })
  .pipe(EventEnvelope)

const textHeaders = (headers: IHeaders = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      // If a header occurs twice, the first one is used.
      const first = Array.isArray(value) ? value[0] : value
      return first === undefined ? [] : [[name.toLowerCase(), first.toString()]]
    }),
  )
