import { EventEnvelope, ServiceName } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import type { LocalEventBus } from './local-event-bus.js'

const batchMax = 64

/** Runs the requested replays. The outcome overwrites the request, so that each one runs once. */
export class LocalReplays {
  constructor(
    private readonly db: Database,
    private readonly bus: Pick<LocalEventBus, 'redeliver'>,
  ) {}

  async work(): Promise<void> {
    const rows = await this.db.query<{ consumer: string; envelope: unknown }>(
      `SELECT consumer, envelope FROM dead_letters WHERE replay_requested_at IS NOT NULL AND replayed_at IS NULL
       ORDER BY created_at LIMIT ${batchMax}`,
    )
    for (const { consumer, envelope } of rows) {
      await this.bus.redeliver(ServiceName.parse(consumer), EventEnvelope.parse(envelope))
    }
  }
}
