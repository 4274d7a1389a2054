import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contentSubmittedV1, ReeltagError, type EventEnvelope } from '@reeltag/contracts'
import { Metrics, newId, SilentTracing } from '@reeltag/platform'
import { createTestDatabase, until } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { EventBus } from '../events/event-bus.js'
import { Inbox } from '../events/inbox.js'
import { LocalEventBus } from '../events/local-event-bus.js'
import { MessagingFixture, silent } from '../messaging.fixture.js'
import { EventRelay } from './event-relay.js'
import { Leader } from './leader.js'
import { Reaper } from './reaper.js'

describe('relay and reaper', () => {
  let fixture: MessagingFixture
  beforeAll(async () => {
    fixture = await MessagingFixture.open()
  }, 60_000)
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
    await fixture.accept()
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
    await Promise.all([1, 2, 3, 4].map(() => fixture.accept()))
    const seen: EventEnvelope[] = []
    const again: EventEnvelope[] = []
    const crash = () => Promise.reject(new Error('crashed'))
    await relayOf({ publish: (events) => (seen.push(...events), crash()) }).work()
    // Written later, published later.
    await fixture.accept()
    await relayOf({ publish: (events) => Promise.resolve(void again.push(...events)) }).work()
    expect(seen).toHaveLength(4)
    expect(again).toHaveLength(5)
    expect(again.slice(0, 4)).toEqual(seen)
    expect(sequencesOf(again)).toEqual(sequencesOf(again).toSorted((one, other) => one - other))
  })

  it('publishes after an outage of the bus what it could not, and then what came meanwhile', async () => {
    await fixture.accept()
    const seen: EventEnvelope[] = []
    let away = false
    const publish = (events: readonly EventEnvelope[]) =>
      away ? Promise.reject(new Error('away')) : Promise.resolve(void seen.push(...events))
    const relay = relayOf({ publish })
    await relay.work()
    expect(seen).toHaveLength(1)
    away = true
    await fixture.accept()
    await relay.work()
    await fixture.accept()
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
    const [poison, fine] = [await fixture.accept(), await fixture.accept()]
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

  it('gives the attempt of a vanished worker to another, and refuses the first when it comes back', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const id = await fixture.accept()
    const first = await fixture.begin(id, 'left')
    await reaper.work()
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'running', attempt: 1 })
    await fixture.db.query(
      `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    await reaper.work()
    const second = await fixture.begin(id, 'left', 2)
    expect(await fixture.stages.complete(first, { output: { by: 'first' } })).toBe(false)
    expect(await fixture.stages.complete(second, { output: { by: 'second' } })).toBe(true)
  })

  it('reaches a lapsed stage behind however many that failed contents left running', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const [failed, id] = [await fixture.accept(), await fixture.accept()]
    await fixture.begin(id, 'left')
    await fixture.db.query(
      `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    await fixture.db.query(`UPDATE contents SET state = 'failed' WHERE id = $1`, [failed])
    await fixture.db.query(
      `INSERT INTO stages (content_id, stage, state, lease_until)
       SELECT $1, 'left-' || n, 'running', now() - interval '1 hour' FROM generate_series(1, 300) AS n`,
      [failed],
    )
    await reaper.work()
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'ready', attempt: 2 })
    await fixture.db.query(`DELETE FROM stages WHERE content_id = $1`, [failed])
  })

  it('ends a content whose stages take their workers along, with a code and one event', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const id = await fixture.accept()
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(await fixture.contentOf(id)).toMatchObject({ state: 'processing' })
      await fixture.begin(id, 'left', attempt)
      await fixture.begin(id, 'right', attempt)
      await fixture.db.query(`UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1`, [id])
      await reaper.work()
    }
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'failed', error_code: 'STAGE_EXHAUSTED' })
    const told = `SELECT 1 FROM outbox WHERE content_id = $1 AND name = 'content.failed.v1'`
    expect(await fixture.db.query(told, [id])).toHaveLength(1)
  })

  it('brings back jobs that the queue lost, and stages that should exist and do not, each when its time is over', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const [lost, waiting, missing, early] = await Promise.all(Array.from({ length: 4 }, () => fixture.accept()))
    const queued = `UPDATE stages SET state = 'queued', queued_at = now() - $2 * interval '1 second' WHERE content_id = $1`
    const idle = `UPDATE contents SET updated_at = now() - $2 * interval '1 second' WHERE id = $1`
    await fixture.db.query(queued, [lost, 62])
    await fixture.db.query(queued, [waiting, 50])
    await fixture.db.query(`DELETE FROM stages WHERE content_id = ANY($1::uuid[])`, [[missing, early]])
    await fixture.db.query(idle, [missing, 32])
    await fixture.db.query(idle, [early, 20])
    await reaper.work()
    expect(await fixture.stageOf(lost!, 'left')).toMatchObject({ state: 'ready', attempt: 1 })
    expect(await fixture.stageOf(waiting!, 'left')).toMatchObject({ state: 'queued', attempt: 1 })
    expect(await fixture.stageOf(missing!, 'right')).toMatchObject({ state: 'ready' })
    expect(await fixture.stageOf(early!, 'right')).toBeUndefined()
  })

  it('takes over from a leader that is frozen with its session open', async () => {
    const frozen = new pg.Client({ connectionString: fixture.url })
    const cut = new Promise<void>((resolve) => frozen.on('error', () => resolve()))
    await frozen.connect()
    // What a stopped process looks like from the database: it holds the lock and says nothing any more.
    await frozen.query('SELECT pg_advisory_lock(992)')
    let led: () => void = () => undefined
    const leads = new Promise<void>((resolve) => (led = resolve))
    const next = new Leader({
      ...{ connectionString: fixture.url, lockKey: 992, logger: silent, silentSecondsMax: 1 },
      work: () => Promise.resolve(led()),
    })
    next.start()
    await Promise.all([leads, cut])
    await next.stop()
  })

  it('leaves the leader of another database alone, whatever became of it', async () => {
    const neighbour = await createTestDatabase()
    const silentLeader = new pg.Client({ connectionString: neighbour.url })
    let cut = false
    silentLeader.on('error', () => (cut = true))
    await silentLeader.connect()
    await silentLeader.query('SELECT pg_advisory_lock(994)')
    const own = new pg.Client({ connectionString: fixture.url })
    await own.connect()
    await own.query('SELECT pg_advisory_lock(994)')
    const talks = setInterval(() => void own.query('SELECT 1'), 200)
    const waits = new Leader({
      ...{ connectionString: fixture.url, lockKey: 994, logger: silent, silentSecondsMax: 1 },
      work: () => Promise.resolve(),
    })
    waits.start()
    await sleep(4_000)
    await waits.stop()
    clearInterval(talks)
    expect(cut).toBe(false)
    await Promise.all([own.end(), silentLeader.end()])
    await neighbour.drop()
  }, 20_000)

  it('leads no more once its session is lost, and another has taken over', async () => {
    const leading: string[] = []
    const leader = (name: string) =>
      new Leader({
        ...{ connectionString: fixture.url, lockKey: 995, logger: silent },
        work: () => Promise.resolve(void leading.push(name)),
      })
    const [first, second] = [leader('first'), leader('second')]
    first.start()
    await until('the first leads', 10, () => leading.includes('first'))
    second.start()
    await sleep(1_500)
    const ended = await fixture.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 995 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    expect(ended).toHaveLength(1)
    await sleep(3_000)
    leading.length = 0
    await until('somebody leads', 10, () => leading.length > 1)
    await sleep(2_500)
    expect(new Set(leading).size).toBe(1)
    await Promise.all([first.stop(), second.stop()])
  }, 40_000)

  it('leaves a leader alone whose work takes long', async () => {
    const leading: string[] = []
    const leader = (name: string) =>
      new Leader({
        ...{ connectionString: fixture.url, lockKey: 993, logger: silent, silentSecondsMax: 4 },
        work: async () => {
          leading.push(name)
          await sleep(7_000)
        },
      })
    const [first, second] = [leader('first'), leader('second')]
    first.start()
    await until('one leads', 30, () => leading.length === 1)
    second.start()
    await sleep(6_500)
    await Promise.all([second.stop(), first.stop()])
    expect(leading).not.toContain('second')
  })

  it('lets one process lead, and another take over when it stops', async () => {
    const leading: string[] = []
    const leader = (name: string) =>
      new Leader({
        connectionString: fixture.url,
        lockKey: 991,
        logger: silent,
        work: () => Promise.resolve(void leading.push(name)),
      })
    const [first, second] = [leader('first'), leader('second')]
    first.start()
    await until('the first leads', 30, () => leading.includes('first'))
    second.start()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(leading).not.toContain('second')
    await first.stop()
    await until('the second leads', 30, () => leading.includes('second'))
    await second.stop()
  })
})
