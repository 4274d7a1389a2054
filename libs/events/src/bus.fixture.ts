import { contentSubmittedV1, type EventEnvelope } from '@reeltag/contracts'
import { loadConfig, Metrics, newId, SilentTracing, type Logger } from '@reeltag/platform'
import { until } from '@reeltag/testing'
import { silent, type EventsFixture } from './events.fixture.js'
import { EventRelay } from './outbox/event-relay.js'
import type { DeadLetters } from './bus/dead-letters.js'
import type { EventBus } from './bus/event-bus.js'
import type { LocalReplays } from './bus/local-replays.js'
import { openDeadLetters, openEventBus } from './open-event-bus.js'

/** One process's bus and relay, as the runtime puts them together. */
export class BusFixture {
  readonly metrics = new Metrics()
  readonly relay: EventRelay
  private stopped = false

  private constructor(
    readonly fixture: EventsFixture,
    readonly bus: EventBus,
    private readonly replays: LocalReplays | undefined,
    readonly letters: DeadLetters,
  ) {
    this.relay = new EventRelay({
      db: fixture.db,
      bus,
      logger: silent,
      metrics: this.metrics,
      tracing: new SilentTracing(),
    })
  }

  static async open(
    fixture: EventsFixture,
    environment: Record<string, string>,
    logger: Logger = silent,
  ): Promise<BusFixture> {
    const config = loadConfig(environment)
    const { bus, replays } = await openEventBus({ config, db: fixture.db, logger, metrics: new Metrics() })
    const letters = await openDeadLetters(config, silent, () => Promise.resolve(fixture.db))
    return new BusFixture(fixture, bus, replays, letters)
  }

  /** What the leader does at every wake-up. */
  async work(): Promise<void> {
    await this.relay.work()
    await this.replays?.work()
  }

  /** Works as the leader does, until something has come about. */
  async workUntil(what: string, met: () => unknown, seconds = 30): Promise<void> {
    await until(what, seconds, async () => {
      await this.work()
      return Boolean(await met())
    })
  }

  async close(): Promise<void> {
    if (this.stopped) return
    this.stopped = true
    this.relay.stop()
    await this.bus.stop()
    await this.bus.close()
    await this.letters.close()
  }

  /** Writes events of one content to the outbox, one transaction each. */
  async say(contentId: string, times = 1, name: string = contentSubmittedV1.name): Promise<void> {
    const data = { contentId, externalId: null, hasVideo: true, hasText: false }
    for (let revision = 0; revision < times; revision++) {
      const subject = { source: '/test', workspaceId: this.fixture.workspaceId, contentId, revision, traceparent }
      await this.fixture.db.transaction((tx) => this.fixture.outbox.publish(tx, [{ name, data, ...subject }]), {
        durable: false,
      })
    }
  }
}

export const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

export const anEvent = (overrides: Partial<EventEnvelope> = {}): EventEnvelope => {
  const contentId = overrides.subject ?? newId()
  return {
    specversion: '1.0',
    id: newId(),
    source: '/test',
    type: contentSubmittedV1.name,
    subject: contentId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    workspaceid: newId(),
    sequence: 7,
    revision: 1,
    traceparent,
    schemaversion: 1,
    data: { contentId, externalId: null, hasVideo: true, hasText: false },
    ...overrides,
  }
}
