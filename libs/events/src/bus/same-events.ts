import { ReeltagError } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import type { EventBus } from './event-bus.js'

/** How often a leader records that it leads, and for how long it may be silent before it counts as gone. */
const sayEveryMs = 5_000
const goneSeconds = 30

/**
 * Makes sure that all processes of a platform use the same bus. A process with another Kafka would publish events that
 * nobody reads, or wait for events that never come, and still look healthy.
 */
export class SameEvents {
  private saidAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly db: Database,
    private readonly bus: Pick<EventBus, 'identity'>,
  ) {}

  /** The next `lead` asks again: somebody else may have led since. */
  begin(): void {
    this.saidAt = Number.NEGATIVE_INFINITY
  }

  /**
   * Called before publishing. A process that was moved to another Kafka leads only once those on the old one have been
   * silent for half a minute: while they run, their consumers wait for these events.
   * @throws KAFKA_DIFFERS
   */
  async lead(): Promise<void> {
    if (performance.now() - this.saidAt < sayEveryMs) return
    const identity = await this.bus.identity()
    // Nothing can be published while it is away.
    if (identity === undefined) return
    const said = await this.db.query(
      `INSERT INTO shared_stores AS s (name, identity) VALUES ('events', $1)
       ON CONFLICT (name) DO UPDATE SET identity = EXCLUDED.identity, seen_at = now()
       WHERE s.identity = EXCLUDED.identity OR s.seen_at < now() - $2 * interval '1 second' RETURNING 1`,
      [identity, goneSeconds],
    )
    if (said.length === 0) return this.refuse(identity)
    this.saidAt = performance.now()
  }

  /** @throws KAFKA_DIFFERS while events are published to another place than this process has */
  async check(): Promise<void> {
    const identity = await this.bus.identity()
    if (identity !== undefined) await this.refuse(identity)
  }

  private async refuse(identity: string): Promise<void> {
    const [known] = await this.db.query<{ identity: string }>(
      `SELECT identity FROM shared_stores WHERE name = 'events'`,
    )
    if (known === undefined || known.identity === identity) return
    throw new ReeltagError(
      'KAFKA_DIFFERS',
      `KAFKA_DIFFERS: events go to "${known.identity}", and this process has "${identity}"; ` +
        'give every process the same KAFKA_BROKERS and KAFKA_PREFIX',
    )
  }
}
