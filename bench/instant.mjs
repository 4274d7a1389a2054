// A platform whose stages answer at once, on a Postgres that counts: what is left is bookkeeping.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { deployMigrations, startEmbeddedPostgres } from '@reeltag/platform'

const key = 'rt_bench_bookkeepingkeyfortests0123456789'
export const atOnce = 32
const settleSecondsMax = 600
const profileFolder = process.env.BENCH_PROFILE

/** A Postgres that counts its statements, and a pool to look at it with. */
export class CountingPostgres {
  static async start() {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-bench-'))
    const first = await startEmbeddedPostgres(home)
    await execute(first.url, `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`)
    await first.stop()
    const server = await startEmbeddedPostgres(home)
    await deployMigrations(server.url)
    await execute(server.url, 'CREATE EXTENSION pg_stat_statements')
    const pid = Number(fs.readFileSync(path.join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
    return new CountingPostgres(home, server, pid)
  }

  constructor(home, server, pid) {
    this.home = home
    this.server = server
    this.pid = pid
    this.url = server.url
    this.pool = new pg.Pool({ connectionString: server.url, max: 2, application_name: 'bench' })
  }

  async rows(sql, params = []) {
    return (await this.pool.query(sql, params)).rows
  }

  async forgetStatements() {
    await this.rows('SELECT pg_stat_statements_reset()')
  }

  /** Statements since the last `forgetStatements`, dearest first. */
  async statements() {
    const rows = await this.rows(
      `SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 120) AS query, calls::float8 AS calls, total_exec_time AS ms,
         wal_bytes::float8 AS "walBytes", wal_fpi::float8 AS "pageImages"
       FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY total_exec_time DESC`,
    )
    return rows
  }

  async close() {
    await this.pool.end()
    await this.server.stop()
    fs.rmSync(this.home, { recursive: true, force: true })
  }
}

const execute = async (connectionString, sql) => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

/** The platform's processes, and what they can be asked. */
export class InstantPlatform {
  /**
   * @param servers variables that name real servers
   * @param processes lists of services, one for each process; the first one accepts
   */
  static async start(postgres, { servers = {}, processes = [undefined] } = {}) {
    const children = []
    let url
    for (const services of processes) {
      const child = startProcess(postgres, {
        ...servers,
        ...(services === undefined ? {} : { REELTAG_SERVICES: services }),
      })
      children.push(child)
      const said = await answer(child)
      url ??= said.url
    }
    const [{ id }] = await postgres.rows(`SELECT id FROM workspaces WHERE name = 'default'`)
    return new InstantPlatform(children, url, id, postgres)
  }

  constructor(children, url, workspaceId, postgres) {
    this.children = children
    this.url = url
    this.workspaceId = workspaceId
    this.postgres = postgres
  }

  get pids() {
    return this.children.map(({ pid }) => pid)
  }

  /** Through the store, as the gateway does after it has read the request. */
  async accept(contents) {
    const [child] = this.children
    child.send({ workspaceId: this.workspaceId, contents, atOnce })
    await answer(child)
  }

  /** Over HTTP: a small file and a title. */
  async submit(contents) {
    let left = contents
    const loop = async () => {
      while (left-- > 0) await this.submitOne(`bytes of video ${left} ${performance.now()}`)
    }
    await Promise.all(Array.from({ length: atOnce }, loop))
  }

  /** @returns the content's id */
  async submitOne(bytes) {
    const form = new FormData()
    form.append('content', new Blob([JSON.stringify({ title: '小猫在玩', language: 'zh' })]))
    form.append('file', new Blob([bytes]), 'video.mp4')
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(`${this.url}/v1/contents`, { method: 'POST', headers, body: form })
    const text = await response.text()
    if (response.status !== 202) throw new Error(`${response.status} ${text}`)
    return JSON.parse(text).id
  }

  /** Until every content is concluded, every event is out, and `review` has taken its two events of each content. */
  async settled({ since, contents }) {
    const deadline = performance.now() + settleSecondsMax * 1_000
    for (;;) {
      const [left] = await this.postgres.rows(
        `SELECT EXISTS (SELECT 1 FROM contents WHERE state = 'processing') AS contents,
                EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL) AS events,
                $2 - (SELECT count(*)::int FROM inbox WHERE received_at >= $1) AS receipts`,
        [since, 2 * contents],
      )
      if (!left.contents && !left.events && left.receipts <= 0) return
      if (performance.now() > deadline)
        throw new Error(`not settled after ${settleSecondsMax} s: ${JSON.stringify(left)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async close() {
    for (const child of this.children) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('a process of the platform ended early')
      child.disconnect()
      await once(child, 'exit')
    }
  }
}

const startProcess = (postgres, variables) =>
  fork(path.join(import.meta.dirname, 'instant-platform.mjs'), {
    env: {
      PATH: process.env.PATH,
      HOME: postgres.home,
      REELTAG_HOME: postgres.home,
      DATABASE_URL: postgres.url,
      REELTAG_BOOTSTRAP_KEY: key,
      PORT: '0',
      LOG_LEVEL: 'warn',
      BLOB_URL: `file:${postgres.home}/blobs`,
      ...variables,
    },
    // BENCH_PROFILE=<folder> leaves a profile of each process there.
    execArgv: profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`],
  })

/** The next message of a child. @throws where it ends instead */
const answer = (child) =>
  new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`the platform ended with ${code}; it said why above`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
