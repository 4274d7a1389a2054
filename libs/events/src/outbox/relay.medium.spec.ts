import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ReeltagError, contentSubmittedV1, type EventEnvelope } from '@reeltag/contracts'
import { Metrics, SilentTracing, newId } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBus } from '../bus/event-bus.js'
import { Inbox } from '../handlers/inbox.js'
import { LocalEventBus } from '../bus/local-event-bus.js'
import { EventsFixture, silent } from '../events.fixture.js'
import { EventRelay } from './event-relay.js'

describe('relay and inbox', () => {
  let fixture: EventsFixture
  beforeAll(async () => {
    fixture = await EventsFixture.open()
  })
  afterAll(() => fixture.close())

  const relayTo = async (publish: (event: EventEnvelope) => Promise<void>): Promise<void> => {
    const each = async (events: readonly EventEnvelope[]) => {
      for (const event of events) await publish(event)
    }
    await relayOf({ publish: each }).work()
  }
  const relayOf = (bus: Pick<EventBus, 'publish'>): EventRelay =>
    new EventRelay({ db: fixture.db, bus, logger: silent, metrics: new Metrics(), tracing: new SilentTracing() })
  const sequencesOf = (events: readonly EventEnvelope[]): number[] => events.map(({ sequence }) => sequence)
  const unpublished = async (): Promise<number> => {
    const [row] = await fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL`,
    )
    return row?.n ?? 0
  }

  it('publishes every event once, in order, also one whose transaction commits late', async () => {
    const seen: EventEnvelope[] = []
    const publish = (event: EventEnvelope) => Promise.resolve(void seen.push(event))
    let commitLate: () => void = () => undefined
    const late = fixture.db.transaction(
      async (tx) => {
        const data = { contentId: newId(), externalId: null, hasVideo: true, hasText: true }
        const subject = {
          source: '/test',
          workspaceId: fixture.workspaceId,
          contentId: data.contentId,
          revision: 0,
          traceparent: null,
        }
        await fixture.outbox.publish(tx, [{ name: contentSubmittedV1.name, data, ...subject }])
        await new Promise<void>((resolve) => (commitLate = resolve))
      },
      { durable: false },
    )
    await fixture.submit()
    await relayTo(publish)
    const early = seen.length
    expect(early).toBeGreaterThan(0)
    commitLate()
    await late
    await relayTo(publish)
    expect(seen).toHaveLength(early + 1)
    const sequences = seen.map(({ sequence }) => sequence)
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    expect(new Set(sequences).size).toBe(seen.length)
  })

  it('repeats events unchanged and in order when it crashed between publishing and marking', async () => {
    await Promise.all([1, 2, 3, 4].map(() => fixture.submit()))
    const seen: EventEnvelope[] = []
    const again: EventEnvelope[] = []
    const crash = () => Promise.reject(new Error('crashed'))
    await relayOf({ publish: (events) => (seen.push(...events), crash()) }).work()
    // Written later, published later.
    await fixture.submit()
    await relayOf({ publish: (events) => Promise.resolve(void again.push(...events)) }).work()
    expect(seen).toHaveLength(4)
    expect(again).toHaveLength(5)
    expect(again.slice(0, 4)).toEqual(seen)
    expect(sequencesOf(again)).toEqual(sequencesOf(again).toSorted((one, other) => one - other))
  })

  it('publishes after an outage of the bus what it could not, and then what came meanwhile', async () => {
    await fixture.submit()
    const seen: EventEnvelope[] = []
    let away = false
    const publish = (events: readonly EventEnvelope[]) =>
      away ? Promise.reject(new Error('away')) : Promise.resolve(void seen.push(...events))
    const relay = relayOf({ publish })
    await relay.work()
    expect(seen).toHaveLength(1)
    away = true
    await fixture.submit()
    await relay.work()
    await fixture.submit()
    await relay.work()
    expect(await unpublished()).toBe(2)
    away = false
    await relay.work()
    expect(seen).toHaveLength(3)
    expect(sequencesOf(seen)).toEqual(sequencesOf(seen).toSorted((one, other) => one - other))
    expect(await unpublished()).toBe(0)
  })

  it('publishes a backlog of many batches once and in order, and marks no event before it is published', async () => {
    await fixture.db.query(
      `INSERT INTO outbox (event_id, name, source, workspace_id, content_id, revision, data)
       SELECT gen_random_uuid(), $2, '/test', $1, gen_random_uuid(), n, '{}' FROM generate_series(1, 1300) AS n ORDER BY n`,
      [fixture.workspaceId, contentSubmittedV1.name],
    )
    const seen: EventEnvelope[] = []
    const publish = async (events: readonly EventEnvelope[]) => {
      // A slow bus: whatever else happens with this batch has happened by now.
      await sleep(100)
      expect(await unpublished()).toBeGreaterThanOrEqual(1_300 - seen.length)
      seen.push(...events)
    }
    await relayOf({ publish }).work()
    expect(seen.map(({ revision }) => revision)).toEqual(Array.from({ length: 1_300 }, (_, index) => index + 1))
    expect(await unpublished()).toBe(0)
  })

  it('makes a delivery that comes twice visible once', async () => {
    const inbox = new Inbox(fixture.db)
    const event = { id: newId(), subject: newId() }
    let effects = 0
    const effect = () => Promise.resolve(void effects++)
    expect(await Promise.all([inbox.once('review', event, effect), inbox.once('review', event, effect)])).toContain(
      true,
    )
    expect(effects).toBe(1)
  })

  it('buries a poisoned event and delivers the ones behind it', async () => {
    const bus = new LocalEventBus(fixture.db, silent, new Metrics())
    const [poison, fine] = [await fixture.submit(), await fixture.submit()]
    const taken: string[] = []
    bus.subscribe('review', [contentSubmittedV1.name], async ({ subject }) => {
      if (subject === poison) throw new ReeltagError('BODY_INVALID', 'cannot be read')
      taken.push(subject)
      return Promise.resolve()
    })
    await relayTo((event) => bus.publish([event]))
    expect(taken).toContain(fine)
    const buried = await fixture.db.query<{ code: string }>(
      `SELECT code FROM dead_letters WHERE envelope->>'subject' = $1`,
      [poison],
    )
    expect(buried).toEqual([{ code: 'BODY_INVALID' }])
  })
})
