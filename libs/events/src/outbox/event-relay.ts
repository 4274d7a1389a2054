import { EventEnvelope } from '@reeltag/contracts'
import {
  attributeNames,
  spanNames,
  type Database,
  type Logger,
  type Metrics,
  type Tracing,
  type Transaction,
  WarnOnce,
} from '@reeltag/platform'
import { eventMetrics } from '../bus/event-metrics.js'
import type { EventBus } from '../bus/event-bus.js'

const batchMax = 512

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
  sequence: string
}

export interface EventRelayParts {
  readonly db: Database
  readonly bus: Pick<EventBus, 'publish'>
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracing: Tracing
}

/**
 * Publishes the outbox. Unpublished rows are found by their state, never by a remembered id: ids are given out at
 * insert, so a row with a lower id may become visible later. Each event gets its `sequence` durably before the first
 * try, so that publishing again after a crash repeats the event exactly.
 *
 * While a batch travels, one transaction marks the batch before it and numbers the one behind it: a batch costs one
 * flush of the disk and one answer of the bus, and neither waits for the other.
 */
export class EventRelay {
  /** Whether numbered rows may lie unpublished: after a start, and after a publish that failed. */
  private unsure = true
  private readonly outage: WarnOnce
  private stopping = false

  constructor(private readonly parts: EventRelayParts) {
    this.outage = new WarnOnce(parts.logger, 'events cannot be published; they wait in the outbox')
  }

  /** Ends `work` behind the batch that is under way. */
  stop(): void {
    this.stopping = true
  }

  /** Publishes what is there. A bus that fails is tried again by the next call; meanwhile its events wait. */
  async work(): Promise<void> {
    let batch = await this.first()
    let sent: readonly OutboxRow[] = []
    try {
      while (batch.length > 0 && !this.stopping) {
        const [publishing, numbering] = await Promise.allSettled([this.publish(batch), this.markAndNumber(sent)])
        sent = publishing.status === 'fulfilled' ? batch : []
        if (numbering.status === 'rejected') throw numbering.reason
        batch = numbering.value
        if (publishing.status === 'rejected') return this.fail(publishing.reason)
        this.outage.worked()
      }
      this.unsure = batch.length > 0
    } catch (error) {
      this.unsure = true
      throw error
    } finally {
      await mark(this.parts.db, sent)
    }
  }

  /** What a crash or a failure left numbered comes before anything new, so that the order of a content is kept. */
  private async first(): Promise<OutboxRow[]> {
    if (this.unsure) {
      const left = await this.parts.db.query<OutboxRow>(
        `SELECT * FROM outbox WHERE published_at IS NULL AND sequence IS NOT NULL ORDER BY sequence`,
      )
      if (left.length > 0) return left
    }
    return this.markAndNumber([])
  }

  private markAndNumber(sent: readonly OutboxRow[]): Promise<OutboxRow[]> {
    return this.parts.db.transaction(
      async (tx) => {
        await mark(tx, sent)
        return number(tx)
      },
      { durable: true },
    )
  }

  private async publish(rows: readonly OutboxRow[]): Promise<void> {
    const started = performance.now()
    const events = rows.map(toEnvelope)
    await this.parts.bus.publish(events)
    this.tell(events, performance.now() - started)
  }

  /** What was published, for who watches. An event keeps the traceparent of what it tells of: repeated, it is the same. */
  private tell(events: readonly EventEnvelope[], startedMsAgo: number): void {
    const { metrics, tracing } = this.parts
    const { published, publishDelay: delay } = eventMetrics(metrics)
    const { destination, operation, messageId, contentId } = attributeNames
    const now = Date.now()
    for (const { id, type, subject, time, traceparent = null } of events) {
      published.inc({ name: type })
      delay.observe(Math.max(0, now - Date.parse(time)) / 1_000)
      const attributes = { [destination]: type, [operation]: 'send', [messageId]: id, [contentId]: subject }
      tracing.record(spanNames.publish(type), { kind: 'producer', parent: traceparent, attributes, startedMsAgo })
    }
  }

  private fail(error: unknown): void {
    this.unsure = true
    this.outage.failed(error)
  }
}

/** Numbers the next rows, in the order in which they were written. Who comes second to a row leaves it alone. */
const number = async (tx: Transaction): Promise<OutboxRow[]> => {
  const rows = await tx.query<OutboxRow>(
    `WITH next AS MATERIALIZED (
       SELECT id FROM outbox WHERE published_at IS NULL AND sequence IS NULL ORDER BY id LIMIT ${batchMax} FOR UPDATE),
     numbered AS MATERIALIZED (SELECT id, nextval('event_sequence') AS sequence FROM next)
     UPDATE outbox o SET sequence = n.sequence FROM numbered n WHERE o.id = n.id RETURNING o.*`,
  )
  return rows.sort((a, b) => Number(a.sequence) - Number(b.sequence))
}

const mark = async (tx: Transaction, rows: readonly OutboxRow[]): Promise<void> => {
  if (rows.length === 0) return
  await tx.query(`UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])`, [rows.map(({ id }) => id)])
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
