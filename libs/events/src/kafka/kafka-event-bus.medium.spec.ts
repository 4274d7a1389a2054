import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { contentSubmittedV1, events, tagsPublishedV1 } from '@reeltag/contracts'
import { createLogger, newId } from '@reeltag/platform'
import { describeWith, joinAsStranger, sharedServer, until } from '@reeltag/testing'
import { Kafka, logLevel, type Admin, type IHeaders, type Producer } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { anEvent, BusFixture, traceparent } from '../bus.fixture.js'
import { EventsFixture } from '../events.fixture.js'
import { encodeEvent } from './kafka-message.js'
import { readTopics } from './read-topics.js'

const name = contentSubmittedV1.name
describeWith(['kafka'], 'events on the wire', () => {
  let fixture: EventsFixture
  let kafka: Kafka
  let admin: Admin
  let producer: Producer
  let platform: BusFixture
  let environment: Record<string, string>
  let prefix: string
  beforeAll(async () => {
    fixture = await EventsFixture.open()
    const { address } = await sharedServer('kafka')
    kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
    admin = kafka.admin()
    producer = kafka.producer({ allowAutoTopicCreation: false })
    await Promise.all([admin.connect(), producer.connect()])
  })
  afterAll(async () => {
    await Promise.all([admin.disconnect(), producer.disconnect()])
    await fixture.close()
  })
  beforeEach(async () => {
    const shared = await sharedServer('kafka')
    prefix = `${shared.prefix}-`
    environment = { KAFKA_BROKERS: shared.address, KAFKA_PREFIX: prefix, KAFKA_PARTITIONS: '2', EVENTS_KEPT_DAYS: '3' }
    platform = await BusFixture.open(fixture, environment)
  })
  afterEach(async () => {
    await platform.close()
    await fixture.db.query('TRUNCATE outbox, inbox')
  })

  const write = (value: Buffer | string | null, headers: IHeaders, key: string | null = newId()) =>
    producer.send({ topic: prefix + name, messages: [{ key, value, headers }] })

  it('are CloudEvents in binary mode, with the content as the key', async () => {
    const event = anEvent({ sequence: 41, revision: 2 })
    await platform.bus.publish([event])
    const [read] = await readTopics(kafka, [prefix + name], `${prefix}reader`)
    const headers = Object.fromEntries(
      Object.entries(read?.message.headers ?? {}).map(([header, value]) => [header, String(value)]),
    )
    expect(headers).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: '/test',
      ce_type: name,
      ce_subject: event.subject,
      ce_time: event.time,
      ce_workspaceid: event.workspaceid,
      ce_sequence: '41',
      ce_revision: '2',
      ce_schemaversion: '1',
      ce_traceparent: traceparent,
      traceparent,
    })
    expect(read?.message.key?.toString()).toBe(event.subject)
    expect(JSON.parse(read?.message.value?.toString() ?? '')).toEqual(event.data)
  })

  it('go to topics that were made as configured; one that exists is left alone, and the difference is said', async () => {
    const lines: string[] = []
    const { topics } = await admin.fetchTopicMetadata({ topics: events.map((event) => prefix + event.name) })
    for (const topic of topics) expect(topic.partitions).toHaveLength(2)
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: prefix + name, configNames: ['retention.ms'] }],
    })
    expect(resources[0]?.configEntries[0]?.configValue).toBe(String(3 * 24 * 3_600_000))

    const logger = createLogger({ level: 'warn' })
    logger.warn = ((fields: object, text: string) => lines.push(JSON.stringify(fields) + text)) as never
    const other = await BusFixture.open(fixture, { ...environment, KAFKA_PARTITIONS: '5' }, logger)
    await other.close()
    expect(lines.filter((line) => line.includes(`"topic":"${prefix}${name}","partitions":2`))).toHaveLength(1)
    const after = await admin.fetchTopicMetadata({ topics: [prefix + name] })
    expect(after.topics[0]?.partitions).toHaveLength(2)
  })

  it('that cannot be read become dead letters at once, and good ones behind them are taken', async () => {
    const taken: string[] = []
    platform.bus.subscribe('review', [name], (event) => Promise.resolve(void taken.push(event.id)))
    platform.bus.start()
    const event = anEvent()
    const { headers = {}, value } = encodeEvent(event)
    const hostile: [Buffer | string | null, IHeaders][] = [
      ['not an event', {}],
      [value, { ...headers, ce_id: 'not a uuid' }],
      [value, { ...headers, ce_specversion: '7.0' }],
      [value, { ...headers, ce_time: 'yesterday' }],
      [value, { ...headers, ce_sequence: '-1' }],
      ['{"contentId":', headers],
      [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), headers],
      [null, headers],
      ['['.repeat(200_000), headers],
      [JSON.stringify({ big: 'x'.repeat(600_000) }), headers],
      [JSON.stringify({ big: 'x'.repeat(900_000) }), headers],
      [value, { ...headers, ce_noise: 'x'.repeat(600_000) }],
      [value, { ce_id: ['a', 'b'], __proto__: 'x', 'dlq_consumer\0': 'fusion', dlq_code: 'OTHER' }],
    ]
    for (const [body, its] of hostile) await write(body, its)
    await write(Buffer.alloc(0), {}, null)
    const good = anEvent()
    await platform.bus.publish([good])
    await until('all are buried', 30, async () => (await platform.letters.list({})).length === hostile.length + 1)
    const letters = await platform.letters.list({ consumer: 'review', name })
    expect(letters.map(({ code }) => code)).toEqual(letters.map(() => 'EVENT_UNREADABLE'))
    await until('the good one is taken', 30, () => taken.includes(good.id))
    expect(taken).toEqual([good.id])
    // What was too large to keep is not replayed; the rest fails again and is listed again.
    expect(letters.filter(({ isWhole }) => !isWhole)).toHaveLength(1)
    expect((await platform.letters.replay({})).length).toBe(hostile.length)
    await until('they are back', 30, async () => (await platform.letters.list({})).length === hostile.length + 1)
  })

  it('of another name or version are passed over', async () => {
    const taken: string[] = []
    platform.bus.subscribe('review', [name, tagsPublishedV1.name], (event) =>
      Promise.resolve(void taken.push(event.id)),
    )
    platform.bus.start()
    const later = encodeEvent(anEvent({ type: 'content.submitted.v2', schemaversion: 2 }))
    const strange = encodeEvent(anEvent({ type: tagsPublishedV1.name }))
    for (const { value, headers = {} } of [later, strange]) await write(value, headers)
    const own = anEvent()
    await platform.bus.publish([own])
    await until('the own one is taken', 30, () => taken.includes(own.id))
    await sleep(500)
    expect(taken).toEqual([own.id])
    expect(await platform.letters.list({ replayed: true })).toEqual([])
  })

  it('of another name are passed over where they come as a replay', async () => {
    const taken: string[] = []
    platform.bus.subscribe('review', [name], (event) => Promise.resolve(void taken.push(event.id)))
    platform.bus.start()
    const replays = `${prefix}review.replay`
    await until('the topic is there', 30, async () => (await admin.listTopics()).includes(replays))
    const [strange, own] = [anEvent({ type: tagsPublishedV1.name }), anEvent()]
    for (const event of [strange, own]) {
      const { key, value, headers } = encodeEvent(event)
      await producer.send({ topic: replays, messages: [{ key: key ?? null, value, headers: headers ?? {} }] })
    }
    await until('the own one is taken', 30, () => taken.includes(own.id))
    expect(taken).toEqual([own.id])
    expect(await platform.letters.list({ replayed: true })).toEqual([])
  })

  it('that were published before anybody asked for them are taken', async () => {
    const early = anEvent()
    await platform.bus.publish([early])
    const taken: string[] = []
    platform.bus.subscribe('review', [name], (event) => Promise.resolve(void taken.push(event.id)))
    platform.bus.start()
    await until('it is taken', 30, () => taken.includes(early.id))
  })

  it('come again to the next process where the last one stopped before it had handled them, and others do not', async () => {
    // One content, one partition, more than is committed at once.
    const subject = newId()
    const sent = Array.from({ length: 100 }, (_, index) => anEvent({ subject, sequence: index + 1 }))
    await platform.bus.publish(sent)
    const [first, second]: [number[], number[]] = [[], []]
    let stuck = false
    platform.bus.subscribe('review', [name], async ({ sequence }) => {
      if (sequence === 80) {
        stuck = true
        throw Object.assign(new Error('disk is full'), { code: '53100' })
      }
      first.push(sequence)
    })
    platform.bus.start()
    await until('a server of ours is down at the 80th', 30, () => stuck)
    // Whoever commits too early has done so by now.
    await sleep(500)
    await platform.close()
    expect(first).toEqual(Array.from({ length: 79 }, (_, index) => index + 1))

    const next = await BusFixture.open(fixture, environment)
    next.bus.subscribe('review', [name], ({ sequence }) => Promise.resolve(void second.push(sequence)))
    next.bus.start()
    await until('the rest is taken', 30, () => second.includes(100))
    await next.close()
    // The chunk that was under way comes again as a whole; the one before it was done.
    expect(second).toEqual(Array.from({ length: 36 }, (_, index) => index + 65))
  })

  it('keep their partition while a handler takes longer than the session lasts', async () => {
    const begun: string[] = []
    const done: string[] = []
    platform.bus.subscribe('review', [name], async (event) => {
      begun.push(event.id)
      if (begun.length === 1) await sleep(13_000)
      done.push(event.id)
    })
    platform.bus.start()
    const [first, second] = [anEvent(), anEvent()]
    await platform.bus.publish([first, { ...second, subject: first.subject }])
    await until('both are done', 40, () => done.length >= 2)
    await sleep(1_000)
    expect(begun).toEqual([first.id, second.id])
  })

  it('larger than one send are published, and one that would block the rest is refused when it is written', async () => {
    const big = Array.from({ length: 12 }, () => anEvent({ subject: fixture.workspaceId, data: 'x'.repeat(200_000) }))
    await platform.bus.publish(big)
    expect(await readTopics(kafka, [prefix + name], `${prefix}reader`)).toHaveLength(12)
    const huge = {
      name,
      data: 'x'.repeat(300_000),
      source: '/test',
      workspaceId: newId(),
      contentId: newId(),
      revision: 0,
      traceparent: null,
    }
    const said = fixture.db.transaction((tx) => fixture.outbox.publish(tx, [huge]), { durable: false })
    await expect(said).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
  })

  it('are lost to a member that the group refuses for ever, and the process is told', async () => {
    const stranger = await joinAsStranger(environment['KAFKA_BROKERS'] ?? '', `${prefix}review`, prefix + name)
    platform.bus.subscribe('review', [name], () => Promise.resolve())
    platform.bus.start()
    expect(await platform.bus.died).toMatchObject({ code: 'CONSUMER_DEAD' })
    await stranger.disconnect()
  })
})
