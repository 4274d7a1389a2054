import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pipeline } from '@reeltag/contracts'
import { Outbox } from '@reeltag/events'
import { QueueHolds, StageStore } from '@reeltag/pipeline'
import { Database, newId } from '@reeltag/platform'
import {
  addWorkspace,
  createTestDatabase,
  describeWith,
  freePort,
  makeCertificate,
  sharedServer,
  startRedis,
  type CertificateFiles,
  type NativeServer,
  type TestDatabase,
} from '@reeltag/testing'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = new Database(database.url, { poolMax: 2 })
  const workspaceId = newId()
  await addWorkspace(db, { id: workspaceId, name: 'default' })
  const stages = new StageStore(db, new Outbox(), pipeline)
  const input = { externalId: null, pack: 'starter/2.0.0', video: null, inputHash: '1'.repeat(64), traceparent: null }
  const submission = { title: '猫', language: 'zh' as const }
  for (let n = 0; n < 3; n++) await stages.accept({ id: newId(), workspaceId, submission, ...input })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

/** No platform runs here: the commands need nothing but its database. */
const cli = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [path.join(import.meta.dirname, '../cli.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: os.tmpdir(), DATABASE_URL: database.url, ...env },
  })
const lines = ({ stdout }: { stdout: string }): string[][] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
const known = ['running', 'ready=3', 'queued=0', 'running=0', 'failed=0', 'rate=-']

describe('commands on queues', () => {
  it('list what Postgres knows, and what the queues hold', () => {
    const answer = cli(['queues', 'list'])
    expect([answer.status, answer.stderr]).toEqual([0, ''])
    const text = lines(answer).find(([queue]) => queue === 'text')
    expect(text).toEqual(expect.arrayContaining([...known, 'jobs.waiting=0', 'jobs.active=0']))
  })

  it('list what Postgres knows also while Redis is away', async () => {
    const answer = cli(['queues', 'list'], { REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
    expect(answer.status).toBe(0)
    expect(lines(answer).find(([queue]) => queue === 'text')).toEqual(
      expect.arrayContaining([...known, 'jobs=unknown']),
    )
  })

  it('pause, drain and resume by name', async () => {
    const holds = new QueueHolds(db, pipeline)
    for (const [verb, expected] of [
      ['pause', [{ queue: 'vision', state: 'paused' }]],
      ['drain', [{ queue: 'vision', state: 'drained' }]],
      ['resume', []],
    ] as const) {
      expect(cli(['queues', verb, 'vision']).status).toBe(0)
      expect((await holds.all()).map(({ queue, state }) => ({ queue, state }))).toEqual(expected)
    }
    expect(cli(['queues', 'pause', 'kitchen']).stderr).toMatch(/NOT_FOUND/)
    expect(cli(['queues', 'pause']).stderr).toMatch(/<queue> is missing/)
  })

  it('begin reruns, list them and stop them', () => {
    const [begun = []] = lines(cli(['contents', 'rerun', '--missing']))
    const progress = ['examined=0/3', 'restarted=0', 'postponed=0']
    expect(begun.slice(1)).toEqual(['missing', 'running', 'starter/2.0.0', ...progress])
    const retried = cli(['queues', 'retry-failed', '--queue', 'ingest', '--code', 'INTERNAL,STAGE_EXHAUSTED'])
    expect(lines(retried)[0]?.[1]).toBe('failed')
    expect(lines(cli(['contents', 'reruns'])).map(([, selection]) => selection)).toEqual(['failed', 'missing'])
    expect(lines(cli(['contents', 'rerun-stop', begun[0] ?? '']))[0]?.[2]).toBe('stopped')
  })

  it('say what is wrong with the database, and not where in the code it showed', async () => {
    const [refused, empty] = [new URL(database.url), new URL(database.url)]
    refused.password = 'wrong'
    empty.pathname = '/empty_of_commands'
    await db.query('CREATE DATABASE empty_of_commands')
    for (const [args, url, code] of [
      [['keys', 'list'], refused, /^POSTGRES_UNAVAILABLE[\s\S]*password authentication failed[\s\S]*remedy:/],
      [['queues', 'list'], empty, /^SCHEMA_MISMATCH[\s\S]*lacks[\s\S]*remedy:.*migrate/],
    ] as const) {
      const { status, stderr } = cli(args, { DATABASE_URL: url.href })
      expect([args, status, stderr]).toEqual([args, 1, expect.stringMatching(code)])
      expect(stderr).not.toMatch(/^\s+at /m)
    }
    await db.query('DROP DATABASE empty_of_commands')
  })

  it('say what is wrong with what was asked', () => {
    for (const [args, expected, code] of [
      [['contents', 'rerun', '--all', '--missing'], 2, /ARGUMENT_INVALID[^]*--missing or --all/],
      [['contents', 'rerun', '--all', '--workspace', 'nobody'], 1, /NOT_FOUND/],
      [['contents', 'rerun-stop', 'nonsense'], 1, /NOT_FOUND/],
      [['queues', 'retry-failed', '--code', 'NONSENSE'], 2, /ARGUMENT_INVALID[^]*--code/],
    ] as const) {
      const { status, stderr } = cli(args)
      expect([args, status, stderr]).toEqual([args, expected, expect.stringMatching(code)])
    }
  })
})

describeWith(['redis'], 'commands on queues that live in Redis', () => {
  it('list what it holds', async () => {
    const { address, prefix } = await sharedServer('redis')
    const answer = cli(['queues', 'list'], { REDIS_URL: address, REDIS_PREFIX: prefix })
    expect([answer.status, answer.stderr]).toEqual([0, ''])
    expect(lines(answer).find(([queue]) => queue === 'text')).toEqual(
      expect.arrayContaining([...known, 'jobs.waiting=0', 'jobs.active=0']),
    )
  })
})

describeWith(['redis', 'tls'], 'commands on queues that live in a Redis over TLS', () => {
  let folder: string
  let files: CertificateFiles
  let server: NativeServer
  let address: string
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-tls-'))
    files = await makeCertificate(folder, 'redis')
    const port = String(await freePort())
    const tls = { 'tls-cert-file': files.cert, 'tls-key-file': files.key, 'tls-auth-clients': 'no' }
    server = await startRedis({ settings: { 'tls-port': port, ...tls } })
    address = `rediss://127.0.0.1:${port}`
  })
  afterAll(async () => {
    await server.remove()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const textQueue = (env: Record<string, string>) =>
    lines(cli(['queues', 'list'], { REDIS_URL: address, ...env })).find(([queue]) => queue === 'text')

  it('list what it holds where its authority is known', () => {
    expect(textQueue({ NODE_EXTRA_CA_CERTS: files.cert })).toEqual(expect.arrayContaining([...known, 'jobs.waiting=0']))
  })

  it('do not speak to one that nobody vouches for', () => {
    expect(textQueue({})).toEqual(expect.arrayContaining([...known, 'jobs=unknown']))
  })
})
