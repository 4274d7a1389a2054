import { ReeltagError } from '@reeltag/contracts'
import { newId, type Transaction } from '@reeltag/platform'
import type { OutgoingEvent } from './outgoing-event.js'

/** The content of an event, and the service that publishes it. */
export interface EventSubject {
  /** Path part of the CloudEvents source: the service. */
  readonly source: string
  readonly workspaceId: string
  readonly contentId: string
  readonly revision: number
  readonly traceparent: string | null
}

export type SubjectEvent = OutgoingEvent & EventSubject

/** Kafka brokers take a mebibyte for a whole batch; one event that does not fit would hold up all later ones. */
const dataBytesMax = 256 * 1_024

/** The outbox: a fact is written in the transaction that makes it true; the relay publishes it afterwards. */
export class Outbox {
  async publish(tx: Transaction, events: readonly SubjectEvent[]): Promise<void> {
    if (events.length === 0) return
    await tx.query(
      `INSERT INTO outbox (event_id, name, source, workspace_id, content_id, revision, data, traceparent)
       SELECT d.event_id, d.name, d.source, d.workspace_id, d.content_id, d.revision, d.data::jsonb, d.traceparent
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::text[])
         WITH ORDINALITY AS d(event_id, name, source, workspace_id, content_id, revision, data, traceparent, position)
       ORDER BY d.position`,
      [
        events.map(() => newId()),
        events.map(({ name }) => name),
        events.map(({ source }) => source),
        events.map(({ workspaceId }) => workspaceId),
        events.map(({ contentId }) => contentId),
        events.map(({ revision }) => revision),
        events.map(toText),
        events.map(({ traceparent }) => traceparent),
      ],
    )
  }
}

/** @throws EVENT_TOO_LARGE, which rolls back the transaction of the event */
const toText = ({ name, contentId, data }: SubjectEvent): string => {
  const text = JSON.stringify(data)
  const bytes = Buffer.byteLength(text)
  if (bytes > dataBytesMax) throw new ReeltagError('EVENT_TOO_LARGE', `${name} of ${contentId}: ${bytes} bytes`)
  return text
}
