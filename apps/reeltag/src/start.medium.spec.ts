import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@reeltag/platform'
import { createTestDatabase, freePort, TcpProxy, until, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ReeltagProcess } from './process.fixture.js'

describe('a process that starts', () => {
  let database: TestDatabase
  const running: ReeltagProcess[] = []
  const start = async (env: Record<string, string>): Promise<ReeltagProcess> => {
    const started = await ReeltagProcess.start({ REELTAG_SERVICES: 'text-encoder', ...env })
    running.push(started)
    return started
  }
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop()
  })
  afterAll(() => database.drop())

  it('answers health and metrics although it runs no gateway, and nothing else', async () => {
    const worker = await start({ DATABASE_URL: database.url })
    await worker.ready
    expect(await worker.ask('/health/live')).toEqual({ status: 200, body: '{"status":"ok"}' })
    const ready = await worker.ask('/health/ready')
    expect(ready?.status).toBe(200)
    expect(JSON.parse(ready?.body ?? '')).toMatchObject({
      ready: true,
      checks: { process: 'ok', postgres: 'ok', queues: 'ok', 'text-encoder': 'ok' },
    })
    expect((await worker.ask('/metrics'))?.body).toMatch(/^nodejs_eventloop_lag_seconds \d/m)
    expect((await worker.ask('/v1/contents'))?.status).toBe(404)
    expect((await worker.fetch('/health/live', { method: 'POST' })).status).toBe(405)
    expect(await worker.stop()).toBe(0)
  })

  it('refuses a MODEL_DEVICE that it does not know, and names those that it does', async () => {
    const worker = await start({ DATABASE_URL: database.url, MODEL_DEVICE: 'rocm' })
    expect(await worker.exited).toBe(1)
    expect(worker.log).toMatch(/CONFIG_INVALID[^]*MODEL_DEVICE[^]*"cpu"\|"cuda"\|"tensorrt"/)
  })

  it('waits for a Postgres that is not up yet, says so, and takes up its work when it is', async () => {
    const url = new URL(database.url)
    const proxy = await TcpProxy.start(url.host)
    proxy.set('reset')
    url.port = String(proxy.port)
    const worker = await start({ DATABASE_URL: url.href })
    const waiting = await until('it says what it waits for', 30, async () => {
      const answer = await worker.ask('/health/ready')
      return answer?.body.includes('waiting for Postgres') === true ? answer : undefined
    })
    expect(waiting.status).toBe(503)
    expect((await worker.ask('/health/live'))?.status).toBe(200)
    expect((await worker.ask('/v1/contents'))?.status).toBe(503)
    proxy.set('pass')
    await worker.ready
    expect((await worker.ask('/health/ready'))?.status).toBe(200)
    expect(worker.log).toContain(`waiting for Postgres at ${url.host}`)
    expect(worker.log).not.toContain(url.password)
    await worker.stop()
    await proxy.close()
  })

  it('gives up after the time it was given, names the server, and ends with an error', async () => {
    const port = await freePort()
    const worker = await start({ DATABASE_URL: `postgresql://u:secret@127.0.0.1:${port}/d`, START_WAIT_SECONDS: '2' })
    expect(await worker.exited).toBe(1)
    expect(worker.log).toMatch(/POSTGRES_UNAVAILABLE.*无法/)
    expect(worker.log).toContain(`Postgres at 127.0.0.1:${port} could not be reached within 2 s`)
    expect(worker.log).not.toContain('secret')
  })

  it('waits for a model server as for the others', async () => {
    const host = `127.0.0.1:${await freePort()}`
    const server = { MODEL_SERVER_URL: `http://${host}`, START_WAIT_SECONDS: '2' }
    const worker = await start({ DATABASE_URL: database.url, ...server })
    expect(await worker.exited).toBe(1)
    expect(worker.log).toMatch(/MODEL_SERVER_UNAVAILABLE.*不可用/)
    expect(worker.log).toContain(`the model server at ${host} could not be reached within 2 s`)
    // Who runs no encoder does not need it.
    const other = await start({
      DATABASE_URL: database.url,
      BLOB_URL: 'file:/tmp',
      ...server,
      REELTAG_SERVICES: 'review',
    })
    await other.ready
  })

  it('stops at once and without an error when it is asked to while it waits', async () => {
    const worker = await start({ DATABASE_URL: `postgresql://u:p@127.0.0.1:${await freePort()}/d` })
    await until('it waits', 30, async () => (await worker.ask('/health/live')) && true)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  it('is refused, not kept waiting, where the server answers and says no', async () => {
    const url = new URL(database.url)
    url.pathname = '/no_such_database'
    const worker = await start({ DATABASE_URL: url.href })
    expect(await worker.exited).toBe(1)
    expect(worker.log).toMatch(/^POSTGRES_UNAVAILABLE[\s\S]*no_such_database[\s\S]*remedy:/m)
    url.pathname = new URL(database.url).pathname
    url.password = 'wrong'
    const other = await start({ DATABASE_URL: url.href })
    expect(await other.exited).toBe(1)
    expect(other.log).toMatch(/^POSTGRES_UNAVAILABLE[\s\S]*password authentication failed[\s\S]*remedy:/m)
    expect(`${worker.log}${other.log}`).not.toMatch(/^\s+at /m)
  })

  it('is refused at once where its port is taken, before anything else is started', async () => {
    const first = await start({ DATABASE_URL: database.url })
    await first.ready
    const second = await start({ DATABASE_URL: database.url, PORT: new URL(first.url).port })
    expect(await second.exited).toBe(1)
    expect(second.log).toContain('PORT_TAKEN')
  })
})

describe('a process that is asked to stop while its embedded server starts', () => {
  it('leaves no server behind', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-early-'))
    const platform = await ReeltagProcess.start({ REELTAG_HOME: home, BLOB_URL: '' })
    await until('it has begun', 30, async () => (await platform.ask('/health/live')) && true)
    platform.signal('SIGTERM')
    expect(await platform.exited).toBe(0)
    // Whoever starts here next finds neither a lock nor a server.
    const postgres: EmbeddedPostgres = await startEmbeddedPostgres(home)
    await postgres.stop()
    fs.rmSync(home, { recursive: true, force: true })
  })
})
