import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger, Database, Leader } from '@reeltag/platform'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const silent = createLogger({ level: 'silent' })

// Here, not beside its subject: the test servers stand on libs/platform.
describe('Leader', () => {
  let server: TestDatabase
  let db: Database
  beforeAll(async () => {
    server = await createTestDatabase()
    db = new Database(server.url, { poolMax: 2 })
  })
  afterAll(async () => {
    await db.close()
    await server.drop()
  })

  it('takes over from a leader that is frozen with its session open', async () => {
    const frozen = new pg.Client({ connectionString: server.url })
    const cut = new Promise<void>((resolve) => frozen.on('error', () => resolve()))
    await frozen.connect()
    // What a stopped process looks like from the database: it holds the lock and says nothing any more.
    await frozen.query('SELECT pg_advisory_lock(992)')
    let led: () => void = () => undefined
    const leads = new Promise<void>((resolve) => (led = resolve))
    const next = new Leader({
      connectionString: server.url,
      lockKey: 992,
      logger: silent,
      silentSecondsMax: 1,
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
    const own = new pg.Client({ connectionString: server.url })
    await own.connect()
    await own.query('SELECT pg_advisory_lock(994)')
    const silence = new AbortController()
    const talks = (async () => {
      for (; !silence.signal.aborted; await sleep(200)) await own.query('SELECT 1')
    })()
    const waits = new Leader({
      connectionString: server.url,
      lockKey: 994,
      logger: silent,
      silentSecondsMax: 1,
      work: () => Promise.resolve(),
    })
    waits.start()
    await sleep(4_000)
    await waits.stop()
    silence.abort()
    await talks
    expect(cut).toBe(false)
    await Promise.all([own.end(), silentLeader.end()])
    await neighbour.drop()
  })

  it('leads no more once its session is lost, and another has taken over', async () => {
    const leading: string[] = []
    const leader = (name: string) =>
      new Leader({
        connectionString: server.url,
        lockKey: 995,
        logger: silent,
        work: () => Promise.resolve(void leading.push(name)),
      })
    const [first, second] = [leader('first'), leader('second')]
    first.start()
    await until('the first leads', 10, () => leading.includes('first'))
    second.start()
    await sleep(1_500)
    const ended = await db.query(
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
  })

  it('leaves a leader alone whose work takes long', async () => {
    const leading: string[] = []
    const leader = (name: string) =>
      new Leader({
        connectionString: server.url,
        lockKey: 993,
        logger: silent,
        silentSecondsMax: 4,
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
        connectionString: server.url,
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
