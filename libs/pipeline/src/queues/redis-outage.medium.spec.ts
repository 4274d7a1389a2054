import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { describeWith, startRedis, TcpProxy, until } from '@reeltag/testing'
import { Redis } from 'ioredis'
import { Processes } from '../processes.fixture.js'

type Server = Awaited<ReturnType<typeof startRedis>>

describeWith(['redis'], 'a Redis that fails', () => {
  let processes: Processes
  let server: Server
  beforeAll(async () => {
    processes = await Processes.open()
    server = await startRedis()
  })
  afterEach(async () => {
    await processes.stopAll()
    processes.begun.length = 0
    processes.work = () => Promise.resolve()
  })
  afterAll(async () => {
    await processes.close()
    await server.remove()
  })

  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  const options = (address = server.address) => ({ redisUrl: address, redisPrefix: 'outage', concurrencyOfHandlers: 8 })
  const isolatedRedis = async (work: (redis: Redis) => Promise<unknown>): Promise<void> => {
    const redis = new Redis(server.address)
    await work(redis)
    redis.disconnect()
  }

  /** Two processes, 200 contents on their way, and a mishap in the middle. */
  const withMishap = async (mishap: () => Promise<void>, secondsMax: number): Promise<void> => {
    processes.work = () => sleep(20)
    await Promise.all([processes.start(options()), processes.start(options())])
    const ids = await processes.accept(200)
    await until('half is under way', 30, () => processes.begun.length > 100)
    await mishap()
    expect(await processes.untilTerminal(ids, secondsMax)).toBe(200)
    expect(processes.beginsMax(ids)).toBe(1)
  }

  // A job that the queue merely lost comes back after a minute; a store that is known to be another one, at once.
  it('loses nothing when it is flushed, and goes on at once', () =>
    withMishap(() => isolatedRedis((redis) => redis.flushall()), 30))

  it('loses nothing when it is flushed again and again', () =>
    withMishap(async () => {
      for (let round = 0; round < 5; round++) {
        await isolatedRedis((redis) => redis.flushall())
        await sleep(200)
      }
    }, 40))

  it('loses nothing when it is killed and comes back with its file', () =>
    withMishap(async () => {
      await server.kill()
      await sleep(3_000)
      await server.start()
    }, 40))

  it('loses nothing when it is killed and comes back empty', () =>
    withMishap(() => server.restart({ keepData: false }), 40))

  it('is not shared with another database: the process that names one is refused, the first goes on', async () => {
    await processes.start(options())
    const others = await Processes.open()
    await expect(others.start(options())).rejects.toMatchObject({ code: 'DATABASES_DIFFER' })
    await others.start({ ...options(), redisPrefix: 'others' })
    await others.close()
    expect(await processes.untilTerminal(await processes.accept(5))).toBe(5)
  })

  it('takes contents in while it is away, and works them off when it is back', async () => {
    const proxy = await TcpProxy.start(server.address.replace('redis://', ''))
    await processes.start(options(`redis://${proxy.address}`))
    await processes.untilTerminal(await processes.accept(5))
    for (const mode of ['reset', 'black-hole'] as const) {
      proxy.set(mode)
      const ids = await processes.accept(20)
      await sleep(2_000)
      proxy.set('pass')
      expect(await processes.untilTerminal(ids, 45)).toBe(20)
    }
    await processes.stopAll()
    await proxy.close()
  })

  it('does not keep a process from stopping', async () => {
    processes.work = () => sleep(500)
    const runtime = await processes.start(options())
    const ids = await processes.accept(20)
    await until('some are under way', 30, () => processes.begun.length >= 8)
    await server.kill()
    const started = performance.now()
    await processes.stop(runtime)
    expect(performance.now() - started).toBeLessThan(20_000)
    await server.start()
    await processes.start(options())
    expect(await processes.untilTerminal(ids, 60)).toBe(20)
  })

  it('keeps a queue paused although it has forgotten everything', async () => {
    const runtime = await processes.start(options())
    await runtime.holds.set('first', 'paused')
    await server.restart({ keepData: false })
    const ids = await processes.accept(20)
    await sleep(3_000)
    expect(processes.begun).toEqual([])
    await runtime.holds.set('first', 'running')
    expect(await processes.untilTerminal(ids, 40)).toBe(20)
  })

  it('makes a process unready whose queues are kept elsewhere than the leading one keeps them', async () => {
    const queuesOf = async ({ health }: Awaited<ReturnType<Processes['start']>>): Promise<string | undefined> =>
      (await health.report()).checks['queues']
    const leading = await processes.start(options())
    await processes.untilTerminal(await processes.accept(1))
    expect(await queuesOf(leading)).toBe('ok')
    const astray = await processes.start({ ...options(), redisPrefix: 'elsewhere' })
    expect(await queuesOf(astray)).toMatch(/^QUEUES_DIFFER/)
    expect(await queuesOf(await processes.start(options()))).toBe('ok')
    await server.restart({ keepData: false })
    await until('the leader has taken the new store over', 30, async () => (await queuesOf(leading)) === 'ok')
  })
})
