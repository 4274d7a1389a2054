import { ReeltagError, type EventEnvelope, type ServiceName } from '@reeltag/contracts'
import { traceIdOf, type Database, type Logger } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'

type Deliver = (event: EventEnvelope) => Promise<void>

interface Subscription {
  readonly consumer: ServiceName
  readonly names: ReadonlySet<string>
  readonly deliver: Deliver
}

const triesMax = 5
const firstPauseMs = 50

/**
 * Hands events to the services of this process, one after another and at least once. An event that a consumer fails
 * on every time is kept in `dead_letters` and does not hold up the ones behind it.
 */
export class LocalEventBus {
  private readonly subscriptions: Subscription[] = []

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {}

  subscribe(consumer: ServiceName, names: readonly string[], deliver: Deliver): void {
    this.subscriptions.push({ consumer, names: new Set(names), deliver })
  }

  get consumers(): ServiceName[] {
    return this.subscriptions.filter(({ names }) => names.size > 0).map(({ consumer }) => consumer)
  }

  async publish(event: EventEnvelope): Promise<void> {
    for (const subscription of this.subscriptions) {
      if (subscription.names.has(event.type)) await this.deliver(subscription, event)
    }
  }

  private async deliver(subscription: Subscription, event: EventEnvelope): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await subscription.deliver(event)
        return
      } catch (error) {
        if (tries >= triesMax) return this.bury(subscription.consumer, event, error)
        await sleep(firstPauseMs * 2 ** (tries - 1))
      }
    }
  }

  private async bury(consumer: ServiceName, event: EventEnvelope, error: unknown): Promise<void> {
    const detail = error instanceof Error ? error.message : String(error)
    const code = error instanceof ReeltagError ? error.code : 'INTERNAL'
    this.logger.error(
      {
        ...{ err: error, code, eventId: event.id, event: event.type, consumer },
        ...{ contentId: event.subject, traceId: traceIdOf(event.traceparent) },
      },
      'an event could not be taken; kept as a dead letter',
    )
    await this.db.query(
      `INSERT INTO dead_letters (consumer, event_id, name, code, detail, envelope) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
       ON CONFLICT DO NOTHING`,
      [consumer, event.id, event.type, code, detail, JSON.stringify(event)],
    )
  }
}
