import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Health } from './health.js'
import { Metrics } from './metrics.js'
import { OperationsServer } from './operations-server.js'

describe('liveness', () => {
  let child: ChildProcess
  let url = ''
  beforeAll(async () => {
    child = fork(fileURLToPath(new URL('./operations-server.fixture.js', import.meta.url)))
    url = String((await once(child, 'message'))[0])
  })
  afterAll(() => child.disconnect())
  const probe = (ms: number) => fetch(`${url}/health/live`, { signal: AbortSignal.timeout(ms) })

  it('fails while the event loop is blocked, and comes back with it', async () => {
    expect((await probe(20_000)).status).toBe(200)
    const blocked = once(child, 'message')
    child.send(4_000)
    await blocked
    await expect(probe(1_000)).rejects.toThrow(/timeout/)
    expect((await probe(20_000)).status).toBe(200)
  })
})

describe('readiness', () => {
  it('asks for patience, of whatever method and path, until the gateway has taken over', async () => {
    const health = new Health()
    const server = await OperationsServer.open({ host: '127.0.0.1', port: 0 }, health, new Metrics())
    const ask = async (method: string) => {
      const answer = await fetch(`${server.url}/v1/contents`, { method })
      return [answer.status, answer.headers.get('retry-after'), ((await answer.json()) as { code: string }).code]
    }
    expect([await ask('POST'), await ask('GET')]).toEqual([
      [503, '5', 'NOT_READY'],
      [503, '5', 'NOT_READY'],
    ])
    health.ready()
    expect([await ask('POST'), await ask('GET')]).toEqual([
      [405, null, 'METHOD_NOT_ALLOWED'],
      [404, null, 'NOT_FOUND'],
    ])
    await server.close()
  })

  it('follows the process and its checks; liveness and metrics do not', async () => {
    const [health, metrics] = [new Health(), new Metrics()]
    const server = await OperationsServer.open({ host: '127.0.0.1', port: 0 }, health, metrics)
    let broken: Error | undefined
    health.register('disk', () => (broken === undefined ? Promise.resolve() : Promise.reject(broken)))
    metrics.gauge('reeltag_test', 'Cannot be measured just now', [], () => Promise.reject(new Error('database away')))
    const statusOf = async (route: string) => (await fetch(server.url + route)).status
    expect(await statusOf('/health/ready')).toBe(503)
    health.ready()
    expect(await statusOf('/health/ready')).toBe(200)
    broken = new Error('read-only')
    const report = await fetch(`${server.url}/health/ready`)
    expect([report.status, await report.json()]).toMatchObject([503, { checks: { process: 'ok', disk: 'read-only' } }])
    expect([await statusOf('/health/live'), await statusOf('/metrics')]).toEqual([200, 200])
    broken = undefined
    health.drain()
    expect(await statusOf('/health/ready')).toBe(503)
    await server.close()
  })
})
