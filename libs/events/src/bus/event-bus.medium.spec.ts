import { Controller, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { contentSubmittedV1, ReeltagError, tagsPublishedV1, type EventEnvelope } from '@reeltag/contracts'
import { newId, SilentTracing } from '@reeltag/platform'
import { describeWith, sharedServer, until } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import 'reflect-metadata'
import { EventsFixture } from '../events.fixture.js'
import { BusFixture } from '../bus.fixture.js'
import { EventServer } from '../handlers/event-server.js'
import { Inbox } from '../handlers/inbox.js'
import { OnEvent, type ReceivedEvent } from '../handlers/on-event.decorator.js'

const name = contentSubmittedV1.name
/** What every event bus must do; the same for both. */
const conforms = (environmentOf: () => Promise<Record<string, string>>): void => {
  let fixture: EventsFixture
  let platform: BusFixture
  let environment: Record<string, string>
  beforeAll(async () => {
    fixture = await EventsFixture.open()
  })
  afterAll(() => fixture.close())
  beforeEach(async () => {
    environment = await environmentOf()
    platform = await BusFixture.open(fixture, environment)
  })
  afterEach(async () => {
    await platform.close()
    await fixture.db.query('TRUNCATE outbox, inbox, dead_letters')
  })

  it('carries every event to every consumer, in the order of its content', async () => {
    const seen: Record<'review' | 'fusion', EventEnvelope[]> = { review: [], fusion: [] }
    const busy = new Set<string>()
    for (const consumer of ['review', 'fusion'] as const) {
      platform.bus.subscribe(consumer, [name], async (event) => {
        // Never two of one content at once, however long the first takes.
        expect(busy.has(consumer + event.subject)).toBe(false)
        busy.add(consumer + event.subject)
        await sleep((event.revision * 7) % 12)
        busy.delete(consumer + event.subject)
        seen[consumer].push(event)
      })
    }
    platform.bus.start()
    const contents = Array.from({ length: 5 }, () => newId())
    await Promise.all(contents.map((id) => platform.say(id, 40)))
    await platform.workUntil('both have all', () => seen.review.length >= 200 && seen.fusion.length >= 200)
    for (const events of Object.values(seen)) {
      for (const id of contents) {
        const its = events.filter(({ subject }) => subject === id)
        expect(its.map(({ revision }) => revision)).toEqual(Array.from({ length: 40 }, (_, index) => index))
      }
      expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(200)
    }
    expect(await platform.letters.list({})).toEqual([])
  })

  it('brings the envelope as it was written', async () => {
    const seen: EventEnvelope[] = []
    platform.bus.subscribe('review', [name], (event) => Promise.resolve(void seen.push(event)))
    platform.bus.start()
    const id = await fixture.submit('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
    await platform.workUntil('it came', () => seen.length > 0)
    expect(seen[0]).toEqual({
      specversion: '1.0',
      id: expect.any(String),
      source: '/test',
      type: name,
      subject: id,
      time: expect.any(String),
      datacontenttype: 'application/json',
      workspaceid: fixture.workspaceId,
      sequence: expect.any(Number),
      revision: 0,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      schemaversion: 1,
      data: { contentId: id, externalId: null, hasVideo: true, hasText: true },
    })
  })

  it('makes what is delivered twice visible once, and repeats it exactly after a crash before marking', async () => {
    const inbox = new Inbox(fixture.db)
    const seen: EventEnvelope[] = []
    let effects = 0
    platform.bus.subscribe('review', [name], async (event) => {
      await inbox.once('review', event, () => Promise.resolve(void effects++))
      seen.push(event)
    })
    platform.bus.start()
    await platform.say(newId(), 3)
    await platform.workUntil('all came', () => seen.length >= 3)
    // As if the relay had died after the answer of the bus and before its own commit.
    await fixture.db.query('UPDATE outbox SET published_at = NULL')
    await platform.close()
    const second = await BusFixture.open(fixture, environment)
    const copies: EventEnvelope[] = []
    second.bus.subscribe('review', [name], async (event) => {
      await inbox.once('review', event, () => Promise.resolve(void effects++))
      copies.push(event)
    })
    second.bus.start()
    await second.workUntil('all came again', () => copies.length >= 3)
    await second.close()
    expect(copies).toEqual(seen.slice(0, 3))
    expect(effects).toBe(3)
  })

  it('keeps what a consumer cannot take as a dead letter, and replays it to that consumer only', async () => {
    const [poison, fine] = [newId(), newId()]
    const taken: string[] = []
    const others: string[] = []
    const inbox = new Inbox(fixture.db)
    let mended = false
    platform.bus.subscribe('review', [name], async (event) => {
      if (event.subject === poison && !mended) throw new ReeltagError('BLOB_MISSING', 'the blob is gone')
      await inbox.once('review', event, () => Promise.resolve(void taken.push(event.subject)))
    })
    platform.bus.subscribe('fusion', [name], (event) => Promise.resolve(void others.push(event.subject)))
    platform.bus.start()
    await platform.say(poison)
    await platform.say(fine)
    await platform.workUntil('the others are not held up', () => taken.includes(fine) && others.length === 2)
    await until('it is buried', 30, async () => (await platform.letters.list({})).length === 1)
    const [letter] = await platform.letters.list({ consumer: 'review', name, code: 'BLOB_MISSING' })
    expect(letter).toMatchObject({ consumer: 'review', name, contentId: poison, detail: 'the blob is gone' })
    expect(await platform.letters.list({ code: 'INTERNAL' })).toEqual([])

    mended = true
    expect(await platform.letters.replay({ eventId: newId() })).toEqual([])
    const eventId = letter?.eventId ?? undefined
    expect(await platform.letters.replay({ eventId })).toHaveLength(1)
    await platform.workUntil('it is taken after all', () => taken.includes(poison))
    expect(await platform.letters.list({})).toEqual([])
    expect(await platform.letters.list({ replayed: true })).toHaveLength(1)
    expect(await platform.letters.replay({ eventId })).toEqual([])
    expect(taken).toHaveLength(2)
    expect(others).toHaveLength(2)
  })

  it('has a replay that fails again listed again', async () => {
    let tries = 0
    platform.bus.subscribe('review', [name], () => {
      tries++
      return Promise.reject(new ReeltagError('PACK_INVALID', 'not yet'))
    })
    platform.bus.start()
    await platform.say(newId())
    await platform.workUntil('it is buried', async () => (await platform.letters.list({})).length === 1)
    const first = tries
    await platform.letters.replay({})
    await platform.workUntil('it is buried again', async () => {
      const open = await platform.letters.list({})
      return tries > first && open.length === 1
    })
  })

  it('waits for a server of ours that is down instead of giving up on the event', async () => {
    let failures = 6
    const taken: string[] = []
    platform.bus.subscribe('review', [name], (event) => {
      if (failures-- > 0) return Promise.reject(Object.assign(new Error('disk is full'), { code: '53100' }))
      return Promise.resolve(void taken.push(event.subject))
    })
    platform.bus.start()
    const id = newId()
    await platform.say(id)
    await platform.workUntil('it is taken', () => taken.includes(id), 60)
    expect(await platform.letters.list({ replayed: true })).toEqual([])
  })

  it('tries a failure that may pass again, and one that cannot pass only once', async () => {
    const [flaky, hopeless] = [newId(), newId()]
    const tries: string[] = []
    platform.bus.subscribe('review', [name], async ({ subject }) => {
      tries.push(subject)
      if (subject === hopeless) throw new ReeltagError('PACK_INVALID', 'for ever')
      if (tries.filter((one) => one === flaky).length < 4) throw new Error('not yet')
    })
    platform.bus.start()
    await platform.say(flaky)
    await platform.say(hopeless)
    await platform.workUntil('one is taken, the other buried', async () => {
      const buried = await platform.letters.list({})
      return buried.length === 1 && tries.filter((one) => one === flaky).length === 4
    })
    await sleep(500)
    expect((await platform.letters.list({})).map(({ contentId }) => contentId)).toEqual([hopeless])
    expect(tries.filter((one) => one === hopeless)).toHaveLength(1)
    expect(tries).toHaveLength(5)
  })

  it('leaves events that nobody here asked for alone, and takes those behind them', async () => {
    const taken: string[] = []
    platform.bus.subscribe('review', [tagsPublishedV1.name], (event) => Promise.resolve(void taken.push(event.subject)))
    platform.bus.start()
    const wanted = newId()
    await platform.say(newId())
    await platform.say(wanted, 1, tagsPublishedV1.name)
    await platform.say(newId())
    await platform.workUntil('the wanted one is taken', () => taken.includes(wanted))
    await sleep(1_000)
    expect(taken).toEqual([wanted])
    expect(await platform.letters.list({})).toEqual([])
    const rows = await fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL`,
    )
    expect(rows).toEqual([{ n: 0 }])
  })

  it('hands an event to nobody again once it is taken, also over a restart', async () => {
    const taken: string[] = []
    const take = async ({ subject }: EventEnvelope) => {
      await sleep(20)
      taken.push(subject)
    }
    platform.bus.subscribe('review', [name], take)
    platform.bus.start()
    const [first, second] = [newId(), newId()]
    await platform.say(first, 3)
    await platform.workUntil('all are taken', () => taken.length === 3)
    await platform.close()
    const next = await BusFixture.open(fixture, environment)
    next.bus.subscribe('review', [name], take)
    next.bus.start()
    await next.say(second)
    await next.workUntil('what comes next is taken', () => taken.includes(second))
    await next.close()
    expect(taken).toEqual([first, first, first, second])
  })

  it('hands handlers data that fits their definition, and keeps the code of what they throw', async () => {
    const seen: unknown[] = []
    @Controller()
    class Consumer {
      @OnEvent(contentSubmittedV1)
      take(event: ReceivedEvent<typeof contentSubmittedV1>): Promise<void> {
        if (!event.data.hasVideo) throw new ReeltagError('TAXONOMY_INVALID', 'from the handler')
        return Promise.resolve(void seen.push(event.data))
      }
    }
    @Module({ controllers: [Consumer] })
    class ConsumerModule {}
    const strategy = new EventServer('review', platform.bus, new SilentTracing())
    const app = await NestFactory.createMicroservice(ConsumerModule, { strategy, logger: false })
    await app.listen()
    platform.bus.start()
    const good = { contentId: newId(), externalId: null, hasVideo: true, hasText: false }
    const say = (data: unknown) =>
      fixture.db.transaction(
        (tx) =>
          fixture.outbox.publish(tx, [
            {
              name,
              data,
              source: '/test',
              workspaceId: fixture.workspaceId,
              contentId: newId(),
              revision: 0,
              traceparent: null,
            },
          ]),
        { durable: false },
      )
    await say({ ...good, ofALaterVersion: true })
    await say({ ...good, hasVideo: false })
    await say({ contentId: 7 })
    await platform.workUntil('two are buried', async () => (await platform.letters.list({})).length === 2)
    await until('one is taken', 30, () => seen.length === 1)
    expect(seen).toEqual([good])
    const codes = (await platform.letters.list({})).map(({ code }) => code)
    expect(codes.sort()).toEqual(['EVENT_UNREADABLE', 'TAXONOMY_INVALID'])
    await app.close()
  })
}

describe('events inside the process', () => conforms(() => Promise.resolve({})))

describeWith(['kafka'], 'events through Kafka', () =>
  conforms(async () => {
    // Topics and groups of each test are its own.
    const { address, prefix } = await sharedServer('kafka')
    return { KAFKA_BROKERS: address, KAFKA_PREFIX: `${prefix}.`, KAFKA_PARTITIONS: '3' }
  }),
)
