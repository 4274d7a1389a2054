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
 * Publishes the outbox. A row passes three states: written (no `sequence`), numbered, published (`published_at`).
 * Unpublished rows are found by their state, never by a remembered id: ids are given out at insert, so a row with a
 * lower id may become visible later.
 *
 * The steps of one round, for the batches A (sent in the round before), B (numbered in the round before) and C:
 *
 * 1. `publish` sends B to the bus and waits for its answer.
 * 2. At the same time `markAndNumber` marks A as published and numbers C, in one durable transaction. A round therefore
 *    costs one flush of the disk and one answer of the bus, and neither waits for the other.
 * 3. If both succeed, B is to be marked and C is to be sent in the next round.
 *
 * What may fail, and what happens then:
 *
 * - The bus refuses B: B stays numbered. The next call to `work` publishes it before anything new.
 * - The transaction fails: nothing of it has happened, so A is published again. `work` throws and marks B if the bus took
 *   it; the next call publishes A.
 * - The process dies between 1 and the marking: A or B is published again with the same `sequence` and the same bytes,
 *   because a batch is numbered durably before it is first sent. Consumers recognise it in their inbox.
 * - Another process takes over the lock: its first round publishes all numbered rows in the order of their `sequence`.
 * - `stop` is called: the round that is under way ends, and its batch is marked.
 */
export class EventRelay {
  /** Whether there may be numbered rows that are not published: after a start, and after a failure. */
  private unsure = true
  private readonly outage: WarnOnce
  private stopping = false

  constructor(private readonly parts: EventRelayParts) {
    this.outage = new WarnOnce(parts.logger, 'events cannot be published; they wait in the outbox')
  }

  /** Ends `work` after the current batch. */
  stop(): void {
    this.stopping = true
  }

  /** Publishes all waiting events. If the bus fails, the next call tries again. */
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

  /** Rows that a crash or a failure left numbered are sent before new ones, which keeps the order of each content. */
  private async first(): Promise<OutboxRow[]> {
    if (this.unsure) {
      const left = await this.parts.db.query<OutboxRow>(
        `SELECT * FROM outbox WHERE published_at IS NULL AND sequence IS NOT NULL ORDER BY sequence`,
      )
      if (left.length > 0) return left
    }
    return this.markAndNumber([])
  }

  /** Step 2. If it fails, nothing of it has happened. */
  private markAndNumber(sent: readonly OutboxRow[]): Promise<OutboxRow[]> {
    return this.parts.db.transaction(
      async (tx) => {
        await mark(tx, sent)
        return number(tx)
      },
      { durable: true },
    )
  }

  /** Step 1. If it fails, part of the batch may have reached the bus; the whole batch is sent again. */
  private async publish(rows: readonly OutboxRow[]): Promise<void> {
    const started = performance.now()
    const events = rows.map(toEnvelope)
    await this.parts.bus.publish(events)
    this.tell(events, performance.now() - started)
  }

  /** Metrics and spans of what was published. An event keeps its own traceparent, so that a repetition is equal to it. */
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

/** Numbers the next rows in the order in which they were written. `FOR UPDATE` lets only one relay number a row. */
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
