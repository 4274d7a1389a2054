import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contentSubmittedV1, ReeltagError, type EventEnvelope } from '@reeltag/contracts'
import { Metrics, newId, SilentTracing } from '@reeltag/platform'
import { until } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
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
    const watched = { logger: silent, metrics: new Metrics(), tracing: new SilentTracing() }
    await new EventRelay({ db: fixture.db, bus: { publish: each }, ...watched }).work()
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

  it('repeats an event unchanged when it crashed between publishing and marking', async () => {
    await fixture.accept()
    const seen: EventEnvelope[] = []
    await relayTo((event) => {
      seen.push(event)
      return Promise.reject(new Error('crashed'))
    })
    await relayTo((event) => Promise.resolve(void seen.push(event)))
    expect(seen).toHaveLength(2)
    expect(seen[1]).toEqual(seen[0])
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

  it('ends a content that takes its workers along, with a code', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const id = await fixture.accept()
    for (let attempt = 1; attempt <= 10; attempt++) {
      await fixture.begin(id, 'left', attempt)
      await fixture.db.query(
        `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'left'`,
        [id],
      )
      await reaper.work()
    }
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'failed', error_code: 'STAGE_EXHAUSTED' })
  })

  it('brings back jobs that the queue lost, and stages that should exist and do not', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const [lost, missing] = [await fixture.accept(), await fixture.accept()]
    await fixture.db.query(
      `UPDATE stages SET state = 'queued', queued_at = now() - interval '1 hour' WHERE content_id = $1`,
      [lost],
    )
    await fixture.db.query(`DELETE FROM stages WHERE content_id = $1`, [missing])
    await fixture.db.query(`UPDATE contents SET updated_at = now() - interval '1 hour' WHERE id = $1`, [missing])
    await reaper.work()
    expect(await fixture.stageOf(lost, 'left')).toMatchObject({ state: 'ready', attempt: 1 })
    expect(await fixture.stageOf(missing, 'right')).toMatchObject({ state: 'ready' })
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
