import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createTestDatabase, TcpProxy, until, type TestDatabase } from '@reeltag/testing'
import { ReeltagProcess } from './process.fixture.js'

const key = 'rt_bootstrap_00000000000000000000000000000000'
const outages = 10
let database: TestDatabase
let proxy: TcpProxy
let gateway: ReeltagProcess

beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  proxy = await TcpProxy.start(url.host)
  url.port = String(proxy.port)
  gateway = await ReeltagProcess.start({
    DATABASE_URL: url.href,
    REELTAG_SERVICES: 'gateway',
    REELTAG_BOOTSTRAP_KEY: key,
  })
})
afterAll(async () => {
  await gateway.stop()
  await proxy.close()
  await database.drop()
})

const upload = (): FormData => {
  const form = new FormData()
  form.set('content', JSON.stringify({ title: '小猫' }))
  form.set('file', new Blob([new Uint8Array(2 ** 22)]), 'a.mp4')
  return form
}

/** One request of every kind: with a key that must be looked up and with one that is known, without a body and with. */
const requests = (): [route: string, init: RequestInit][] => {
  const nobody = { authorization: `Bearer rt_${crypto.randomUUID()}` }
  const known = { authorization: `Bearer ${key}` }
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ title: '小猫', externalId: crypto.randomUUID() })
  return [
    ['/v1/contents', { headers: nobody }],
    ['/v1/contents', { headers: known }],
    ['/v1/contents/01900000-0000-7000-8000-000000000000', { headers: known }],
    ['/v1/review/items', { headers: known }],
    ['/v1/contents', { method: 'POST', headers: { ...nobody, ...json }, body }],
    ['/v1/contents', { method: 'POST', headers: { ...known, ...json }, body }],
    ['/v1/contents', { method: 'POST', headers: nobody, body: upload() }],
    ['/v1/contents', { method: 'POST', headers: known, body: upload() }],
  ]
}

/** @returns what each request was answered; undici keeps the connections and uses them again */
const askAll = (): Promise<string[]> =>
  Promise.all(
    requests().map(async ([route, init]) => {
      const response = await gateway.fetch(route, init)
      const { code } = (await response.json()) as { code?: string }
      const retry = response.headers.get('retry-after')
      return [response.status, ...(code === undefined ? [] : [code]), ...(retry === null ? [] : ['retry'])].join(' ')
    }),
  )

it('tells clients to come back while Postgres is away, and serves them when it is there again', async () => {
  await gateway.ready
  const away = requests().map(() => '503 NOT_READY retry')
  for (let outage = 0; outage < outages; outage++) {
    // Those that are under way meet the outage at whatever point they have come to.
    const underWay = askAll()
    await new Promise((resolve) => setTimeout(resolve, outage * 5))
    proxy.set('reset')
    for (const answer of await underWay) expect(answer).toMatch(/^(200|202|401|404|422|503 NOT_READY retry)/)
    expect(await askAll()).toEqual(away)
    expect(await askAll()).toEqual(away)
    proxy.set('pass')
    await until('it serves again', 30, async () => (await askAll()).every((answer) => !answer.startsWith('5')))
  }
})
