import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { contentSubmittedV1 } from '@reeltag/contracts'
import { loadConfig, type Config } from '@reeltag/platform'
import { describeWith, sharedServer, startKafka, until, type NativeServer } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { Processes } from './processes.fixture.js'

describeWith(['kafka', 'redis'], 'processes that were given different Kafkas', () => {
  let processes: Processes
  let other: NativeServer
  let [right, wrong]: Config['kafka'][] = []
  let queues: { redisUrl: string; redisPrefix: string }
  beforeAll(async () => {
    processes = await Processes.open()
    other = await startKafka()
    const [redis, kafka] = [await sharedServer('redis'), await sharedServer('kafka')]
    queues = { redisUrl: redis.address, redisPrefix: redis.prefix }
    const prefix = { KAFKA_PREFIX: `${kafka.prefix}-` }
    right = loadConfig({ KAFKA_BROKERS: kafka.address, ...prefix }).kafka
    wrong = loadConfig({ KAFKA_BROKERS: other.address, ...prefix }).kafka
  })
  afterAll(async () => {
    await processes.close()
    await other.remove()
  })

  const leads = (): Promise<boolean> =>
    processes.fixture.db
      .query(`SELECT 1 FROM shared_stores WHERE name = 'events'`)
      .then((leaders) => leaders.length > 0)

  const unpublished = async (): Promise<number> => {
    const [row] = await processes.fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL`,
    )
    return row?.n ?? 0
  }

  it('publish nothing to the wrong one, and the process that has it is unready and says so', async () => {
    const options = { ...queues, consumes: [contentSubmittedV1.name] }
    const first = await processes.start({ ...options, kafka: right })
    await until('it leads', 30, leads)
    const stray = await processes.start({ ...options, kafka: wrong })
    const events = async (): Promise<string | undefined> => (await stray.health.report()).checks['events']
    expect(await events()).toMatch(/^KAFKA_DIFFERS.*same KAFKA_BROKERS/)
    expect((await first.health.report()).checks['events']).toBe('ok')
    // Alone, it could lead; its Kafka is one that nobody reads.
    await processes.stop(first)
    await processes.untilTerminal(await processes.accept(5))
    await sleep(3_000)
    expect(await unpublished()).toBeGreaterThan(0)
    await processes.start({ ...options, kafka: right })
    await until('the right one has published them', 30, async () => (await unpublished()) === 0)
  })
})
