import type { EventEnvelope, ReeltagError, ServiceName } from '@reeltag/contracts'
import { traceIdOf, type Database, type Logger, type Metrics } from '@reeltag/platform'
import { countDeadLetter } from './dead-letters.js'
import { deliverPatiently, type Refusal } from './deliver-patiently.js'
import type { Deliver, EventBus, Subscription } from './event-bus.js'
import { inOrderByKey } from './in-order-by-key.js'

/** Contents whose events are handled at once: their receipts are then committed together. */
const lanes = 32

/** Hands events to the services of this process; dead letters are kept in the table `dead_letters`. */
export class LocalEventBus implements EventBus {
  readonly died = new Promise<ReeltagError>(() => undefined)
  private readonly subscriptions: Subscription[] = []

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  /** An event reaches only the process that relays it, so the consumers must be in that process. */
  get relaysHere(): boolean {
    return this.consumesHere
  }

  get consumesHere(): boolean {
    return this.subscriptions.some(({ names }) => names.size > 0)
  }

  identity(): Promise<string> {
    return Promise.resolve('without Kafka')
  }

  subscribe(consumer: ServiceName, names: readonly string[], deliver: Deliver): void {
    this.subscriptions.push({ consumer, names: new Set(names), deliver })
  }

  start(): void {
    // Delivery is a part of publishing.
  }

  async publish(events: readonly EventEnvelope[]): Promise<void> {
    await inOrderByKey(
      events,
      ({ subject }) => subject,
      lanes,
      async (event) => {
        for (const subscription of this.subscriptions) {
          if (subscription.names.has(event.type)) await this.deliver(subscription, event)
        }
      },
    )
  }

  /** Delivers a dead letter to the consumer that failed on it, and to no other. */
  async redeliver(consumer: ServiceName, event: EventEnvelope): Promise<void> {
    const subscription = this.subscriptions.find((it) => it.consumer === consumer && it.names.has(event.type))
    if (subscription === undefined) return
    if (!(await this.deliver(subscription, event))) return
    await this.db.query(
      `UPDATE dead_letters SET replayed_at = now(), replay_requested_at = NULL WHERE consumer = $1 AND event_id = $2`,
      [consumer, event.id],
    )
  }

  async stop(): Promise<void> {
    // The relay has stopped, and with it every delivery.
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  private async deliver({ consumer, deliver }: Subscription, event: EventEnvelope): Promise<boolean> {
    const refusal = await deliverPatiently(() => deliver(event))
    if (refusal !== undefined) await this.bury(consumer, event, refusal)
    return refusal === undefined
  }

  private async bury(consumer: ServiceName, event: EventEnvelope, { code, detail, cause }: Refusal): Promise<void> {
    this.logger.error(
      {
        err: cause,
        code,
        eventId: event.id,
        event: event.type,
        consumer,
        contentId: event.subject,
        traceId: traceIdOf(event.traceparent),
      },
      'an event could not be taken; kept as a dead letter',
    )
    await this.db.query(
      `INSERT INTO dead_letters (consumer, event_id, name, code, detail, envelope) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
       ON CONFLICT (consumer, event_id) DO UPDATE SET code = EXCLUDED.code, detail = EXCLUDED.detail, created_at = now(),
         replay_requested_at = NULL, replayed_at = NULL`,
      [consumer, event.id, event.type, code, detail, JSON.stringify(event)],
    )
    countDeadLetter(this.metrics, consumer, code)
  }
}
