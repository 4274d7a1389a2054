import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWith, sharedServer, until } from '@reeltag/testing'
import { Processes, type ProcessOptions } from '../processes.fixture.js'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What queues promise, whichever store they live in. */
const promises = (store: () => Promise<ProcessOptions>): void => {
  let processes: Processes
  let options: ProcessOptions
  beforeAll(async () => {
    processes = await Processes.open()
    options = await store()
  })
  afterEach(async () => {
    await processes.stopAll()
    processes.begun.length = 0
    processes.work = () => Promise.resolve()
  })
  afterAll(() => processes.close())

  it('bring every content to its end, each stage once, over two processes', async () => {
    await Promise.all([processes.start(options), processes.start(options)])
    const ids = await processes.accept(100)
    expect(await processes.untilTerminal(ids)).toBe(100)
    expect(processes.beginsMax(ids)).toBe(1)
  })

  it('let what somebody waits for pass a long backlog', async () => {
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    processes.work = () => gate
    const backlog = await processes.accept(200, 'backfill')
    const runtime = await processes.start({ ...options, concurrencyOfHandlers: 1 })
    await until('the backlog is queued', 30, async () => (await runtime.queues.counts('first')).prioritized > 150)
    const [urgent = ''] = await processes.accept(1)
    await until('it is queued, too', 30, async () => (await runtime.queues.counts('first')).waiting > 0)
    const before = processes.begun.length
    open()
    await processes.untilTerminal([urgent])
    const overtaken = processes.begun.slice(before).findIndex(({ contentId }) => contentId === urgent)
    expect(overtaken).toBeLessThan(50)
    expect(await processes.untilTerminal(backlog, 60)).toBe(200)
    // What somebody waits for in the second queue passes there, too.
    const order = processes.begun.filter(({ stage }) => stage === 'last').map(({ contentId }) => contentId)
    expect(order.indexOf(urgent)).toBeLessThan(100)
  })

  it('keep to a rate over all processes together', async () => {
    const rates = { first: { max: 5, durationMs: 1_000 } }
    await Promise.all([processes.start({ ...options, rates }), processes.start({ ...options, rates })])
    const started = performance.now()
    await processes.untilTerminal(await processes.accept(21))
    expect(performance.now() - started).toBeGreaterThan(3_000)
  })

  it('stay paused in every process and through a restart, and lose nothing', async () => {
    const [one, two] = await Promise.all([processes.start(options), processes.start(options)])
    await one.holds.set('last', 'paused')
    await until('the queue is paused', 30, async () => (await one.queues.counts('last')).active === 0)
    const ids = await processes.accept(20)
    await until('the first stages are done', 30, () => processes.begun.length >= 20)
    await sleep(1_500)
    await Promise.all([processes.stop(one), processes.stop(two)])
    const again = await processes.start(options)
    await sleep(1_500)
    expect(processes.begun.filter(({ stage }) => stage === 'last')).toEqual([])
    await again.holds.set('last', 'running')
    expect(await processes.untilTerminal(ids)).toBe(20)
    expect(processes.beginsMax(ids)).toBe(1)
  })

  it('are empty when drained, and give everything back when resumed', async () => {
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    processes.work = () => gate
    const ids = await processes.accept(50, 'backfill')
    const runtime = await processes.start({ ...options, concurrencyOfHandlers: 2 })
    await until('two are under way', 30, () => processes.begun.length === 2)
    await runtime.holds.set('first', 'drained')
    await until('the queue is empty', 30, async () => {
      const { waiting, prioritized, delayed } = await runtime.queues.counts('first')
      return waiting + prioritized + delayed === 0
    })
    open()
    await until('those under way are done', 30, async () => (await runtime.queues.counts('first')).active === 0)
    await sleep(1_000)
    const [row] = await processes.fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM stages WHERE stage = 'first' AND state = 'ready' AND content_id = ANY($1::uuid[])`,
      [ids],
    )
    expect(row?.n).toBe(48)
    await runtime.holds.set('first', 'running')
    expect(await processes.untilTerminal(ids)).toBe(50)
    expect(processes.beginsMax(ids)).toBe(1)
  })

  it('may deliver a job again and again: its attempt is begun once', async () => {
    const runtime = await processes.start(options)
    const ids = await processes.accept(30)
    const again = ids.map((contentId) => ({ contentId, stage: 'first', attempt: 1, priority: 0 }))
    for (let round = 0; round < 5; round++) {
      await runtime.queues.add(processes.first, again)
      await sleep(50)
    }
    expect(await processes.untilTerminal(ids)).toBe(30)
    await runtime.queues.add(processes.first, again)
    await until('the queue is empty', 30, async () => {
      const { waiting, active } = await runtime.queues.counts('first')
      return waiting + active === 0
    })
    expect(processes.beginsMax(ids)).toBe(1)
    expect((await processes.fixture.contentOf(ids[0] ?? ''))?.revision).toBe(1)
  })

  it('refuse what a blocked worker finishes after its lease was taken over by another', async () => {
    let release: () => void = () => undefined
    const blocked = new Promise<void>((resolve) => (release = resolve))
    processes.work = ({ stage, attempt }) => (stage === 'last' && attempt === 1 ? blocked : Promise.resolve())
    await Promise.all([processes.start(options), processes.start(options)])
    const [id = ''] = await processes.accept(1)
    await until('the first worker is blocked', 30, () => processes.begun.some(({ stage }) => stage === 'last'))
    // Its renewals come too late, as when its event loop hangs.
    await until('another has it', 30, async () => {
      const late = `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'last' AND attempt = 1`
      await processes.fixture.db.query(late, [id])
      return processes.begun.some(({ stage, attempt }) => stage === 'last' && attempt === 2)
    })
    await processes.untilTerminal([id])
    release()
    await processes.stopAll()
    expect(await processes.fixture.contentOf(id)).toMatchObject({ state: 'published', revision: 1 })
    expect(await processes.fixture.stageOf(id, 'last')).toMatchObject({ state: 'done', attempt: 2 })
  })
}

describe('queues on Postgres', () => {
  promises(() => Promise.resolve({}))

  it('never read the whole table of jobs, also where its statistics are those of an empty one', async () => {
    const processes = await Processes.open()
    const scans = async (): Promise<number> => {
      // Counters reach the view when their session is idle, a second later at most.
      await sleep(1_200)
      const sql = `SELECT sum(seq_scan)::int AS n FROM pg_stat_user_tables WHERE relname IN ('job', 'event')`
      return (await processes.fixture.db.query<{ n: number }>(sql))[0]?.n ?? -1
    }
    await processes.start()
    await processes.untilTerminal(await processes.accept(5))
    await processes.fixture.db.query('ANALYZE')
    const before = await scans()
    expect(before).toBeGreaterThanOrEqual(0)
    await processes.untilTerminal(await processes.accept(100))
    expect(await scans()).toBe(before)
    await processes.stopAll()
    await processes.close()
  })
})

describeWith(['redis'], 'queues on Redis', () =>
  promises(async () => {
    const { address, prefix } = await sharedServer('redis')
    return { redisUrl: address, redisPrefix: prefix }
  }),
)
