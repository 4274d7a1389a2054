import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { loadConfig } from '@reeltag/platform'
import { TcpProxy, until } from '@reeltag/testing'
import { silent } from '../pipeline.fixture.js'
import { Queues } from '../queues/queues.js'
import { Processes } from '../processes.fixture.js'

let processes: Processes
let proxy: TcpProxy
let queues: Queues
beforeAll(async () => {
  processes = await Processes.open()
  proxy = await TcpProxy.start(new URL(processes.fixture.url).host)
  const url = new URL(processes.fixture.url)
  url.port = String(proxy.port)
  queues = await Queues.open(loadConfig({}).queues, url.href, silent)
})
afterAll(async () => {
  await queues.close()
  await proxy.close()
  await processes.close()
})

it('a queue and a worker that are opened while Postgres is away work when it is back', async () => {
  const contentId = '01900000-0000-7000-8000-000000000000'
  const done: string[] = []
  proxy.set('reset')
  await expect(queues.counts('first')).rejects.toThrow()
  queues.work('first', 1, (_name, key) => Promise.resolve(void done.push(key.contentId)))
  await expect(queues.check()).rejects.toThrow()
  proxy.set('pass')
  await queues.add(processes.first, [{ contentId, stage: 'first', attempt: 1, priority: 0 }])
  await until('the job is done', 30, () => done.length > 0)
  expect(done).toEqual([contentId])
})

it('connections that break at whatever moment of a queue that is being opened end nothing', async () => {
  for (let round = 0; round < 7; round++) {
    const asked = Promise.allSettled([`other-${round}`, 'first'].map((name) => queues.counts(name)))
    await new Promise((resolve) => setTimeout(resolve, round * 3))
    proxy.set('reset')
    await asked
    proxy.set('pass')
    const counts = await until('the queue answers', 30, () => queues.counts(`other-${round}`).catch(() => undefined))
    expect(counts).toMatchObject({ waiting: 0, active: 0 })
  }
})
