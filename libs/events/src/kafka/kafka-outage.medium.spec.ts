import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { contentSubmittedV1, type EventEnvelope } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { describeWith, startKafka, TcpProxy, until, type NativeServer } from '@reeltag/testing'
import { Kafka, logLevel } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { anEvent, BusFixture } from '../bus.fixture.js'
import { Inbox } from '../handlers/inbox.js'
import { EventsFixture } from '../events.fixture.js'
import { Watchdog } from './consuming/watchdog.js'

const name = contentSubmittedV1.name
describeWith(['kafka'], 'a consumer that gives no sign', () => {
  let broker: NativeServer
  let dog: Watchdog | undefined
  let calls = 0
  beforeAll(async () => {
    broker = await startKafka()
  })
  afterEach(() => dog?.stop())
  afterAll(() => broker.remove())
  const watch = (lookEveryMs = 50): Watchdog => {
    calls = 0
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 0 } })
    return (dog = new Watchdog(kafka, () => calls++, { lookEveryMs, silentMsMax: 2_000 }))
  }

  it('is called out once while Kafka answers, and not where it is heard of', async () => {
    const heard = watch()
    for (let times = 0; times < 30; times++) {
      heard.alive()
      await sleep(100)
    }
    expect(calls).toBe(0)
    await until('it is called out', 30, () => calls > 0)
    await sleep(2_500)
    expect(calls).toBe(1)
  })

  it('is called out once where a look takes longer than the time between two', async () => {
    watch(1)
    await until('it is called out', 30, () => calls > 0)
    await sleep(500)
    expect(calls).toBe(1)
  })

  it('has its time again when Kafka is back from an outage', async () => {
    await broker.kill()
    watch()
    await sleep(3_000)
    expect(calls).toBe(0)
    await broker.start()
    await until('it is called out', 30, () => calls > 0)
  })
})

describeWith(['kafka'], 'events while Kafka fails', () => {
  let fixture: EventsFixture
  let broker: NativeServer
  let platform: BusFixture | undefined
  const seen: EventEnvelope[] = []
  const effects = new Map<string, number>()
  beforeAll(async () => {
    fixture = await EventsFixture.open()
    broker = await startKafka()
  })
  afterAll(async () => {
    await broker.remove()
    await fixture.close()
  })
  beforeEach(() => {
    seen.length = 0
    effects.clear()
  })
  afterEach(async () => {
    await platform?.close()
    await fixture.db.query('TRUNCATE outbox, inbox')
  })

  const open = async (address: string): Promise<BusFixture> => {
    platform = await BusFixture.open(fixture, { KAFKA_BROKERS: address, KAFKA_PREFIX: `${newId()}.` })
    const inbox = new Inbox(fixture.db)
    platform.bus.subscribe('review', [name], async (event) => {
      seen.push(event)
      await inbox.once('review', event, () =>
        Promise.resolve(void effects.set(event.id, (effects.get(event.id) ?? 0) + 1)),
      )
    })
    platform.bus.start()
    return platform
  }
  const unpublished = async (): Promise<number> => {
    const [row] = await fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL`,
    )
    return row?.n ?? 0
  }
  const inOrder = (contentId: string): void => {
    const revisions = seen.filter(({ subject }) => subject === contentId).map(({ revision }) => revision)
    const first = revisions.filter((revision, index) => revisions.indexOf(revision) === index)
    expect(first).toEqual([...first].sort((a, b) => a - b))
  }

  it('wait in the outbox, and are each taken once when it is back, with no help', async () => {
    const running = await open(broker.address)
    const id = newId()
    await running.say(id, 20)
    await running.workUntil('the first came', () => effects.size === 20)
    await broker.kill()
    await running.say(id, 30)
    // A relay that cannot publish neither fails nor hangs: the leader calls it again.
    await running.work()
    expect(await unpublished()).toBe(30)
    await broker.start()
    await running.workUntil('the rest came', () => effects.size === 50, 60)
    expect([...effects.values()]).toEqual(Array.from({ length: 50 }, () => 1))
    expect(await unpublished()).toBe(0)
  })

  it('are neither lost nor doubled by a broker that restarts in the middle of a stream', async () => {
    const running = await open(broker.address)
    const contents = Array.from({ length: 10 }, () => newId())
    const saying = Promise.all(contents.map((id) => running.say(id, 60)))
    const restart = broker.restart({ keepData: true })
    await running.workUntil('all came', () => effects.size === 600, 90)
    await Promise.all([saying, restart])
    expect([...effects.values()].filter((times) => times !== 1)).toEqual([])
    for (const id of contents) inOrder(id)
  })

  it('wait while it takes connections and answers nothing', async () => {
    const proxy = await TcpProxy.start(broker.address)
    // The broker names its own address to clients, so only the first contact goes through the proxy.
    proxy.set('black-hole')
    const started = performance.now()
    const running = await open(proxy.address)
    expect(performance.now() - started).toBeLessThan(30_000)
    await running.say(newId(), 3)
    const working = running.work()
    proxy.set('pass')
    await working
    await running.workUntil('all came', () => effects.size === 3, 60)
    await proxy.close()
  })

  it('do not keep a process from starting and stopping while it is down', async () => {
    await broker.stop()
    const running = await open(broker.address)
    const unreachable = { code: 'KAFKA_UNREACHABLE' }
    await expect(running.bus.publish([anEvent()])).rejects.toMatchObject(unreachable)
    await expect(running.letters.list({})).rejects.toMatchObject(unreachable)
    await running.say(newId())
    await running.work()
    expect(await unpublished()).toBe(1)
    await running.close()
    await broker.start()
    const next = await open(broker.address)
    await next.workUntil('it came', () => effects.size === 1, 60)
  })
})
