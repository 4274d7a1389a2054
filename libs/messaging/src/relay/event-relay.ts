import { EventEnvelope } from '@reeltag/contracts'
import { attributeNames, spanNames, type Database, type Tracing } from '@reeltag/platform'
import type { LocalEventBus } from '../events/local-event-bus.js'

const batchMax = 128

interface OutboxRow {
  id: string
  event_id: string
  name: string
  source: string
  workspace_id: string
  content_id: string
  revision: number
  data: unknown
  traceparent: string | null
  created_at: Date
  sequence: string | null
}

/**
 * Publishes the outbox. Unpublished rows are found by their state, never by a remembered id: ids are given out at
 * insert, so a row with a lower id may become visible later. Each event gets its `sequence` durably before the first
 * try, so that publishing again after a crash repeats the event exactly.
 */
export class EventRelay {
  private sequence = 0

  constructor(
    private readonly db: Database,
    private readonly bus: Pick<LocalEventBus, 'publish'>,
    private readonly tracing: Tracing,
  ) {}

  async begin(): Promise<void> {
    const [row] = await this.db.query<{ last: string | null }>(`SELECT max(sequence) AS last FROM outbox`)
    this.sequence = Number(row?.last ?? 0)
  }

  async work(): Promise<void> {
    for (;;) {
      const rows = await this.db.query<OutboxRow>(
        `SELECT * FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT ${batchMax}`,
      )
      if (rows.length === 0) return
      await this.number(rows)
      for (const row of rows) await this.publish(toEnvelope(row))
      await this.db.query(`UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])`, [
        rows.map(({ id }) => id),
      ])
      if (rows.length < batchMax) return
    }
  }

  private publish(event: EventEnvelope): Promise<void> {
    const { destination, operation, messageId, contentId } = attributeNames
    const attributes = {
      [destination]: event.type,
      [operation]: 'send',
      [messageId]: event.id,
      [contentId]: event.subject,
    }
    // The event itself keeps the traceparent of what it tells of: published again, it is the same event.
    const options = { kind: 'producer', parent: event.traceparent ?? null, attributes } as const
    return this.tracing.span(spanNames.publish(event.type), options, () => this.bus.publish(event))
  }

  private async number(rows: readonly OutboxRow[]): Promise<void> {
    const fresh = rows.filter(({ sequence }) => sequence === null)
    if (fresh.length === 0) return
    for (const row of fresh) row.sequence = String(++this.sequence)
    await this.db.transaction(
      (tx) =>
        tx.query(
          `UPDATE outbox o SET sequence = d.sequence FROM unnest($1::bigint[], $2::bigint[]) AS d(id, sequence) WHERE o.id = d.id`,
          [fresh.map(({ id }) => id), fresh.map(({ sequence }) => sequence)],
        ),
      { durable: true },
    )
  }
}

const toEnvelope = (row: OutboxRow): EventEnvelope =>
  EventEnvelope.parse({
    specversion: '1.0',
    id: row.event_id,
    source: row.source,
    type: row.name,
    subject: row.content_id,
    time: row.created_at.toISOString(),
    datacontenttype: 'application/json',
    workspaceid: row.workspace_id,
    sequence: Number(row.sequence),
    revision: row.revision,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    schemaversion: Number(/\.v(\d+)$/.exec(row.name)?.[1] ?? 1),
    data: row.data,
  })
