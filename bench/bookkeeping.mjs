// What the platform costs when its stages answer at once: contents a second, and where the time goes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { deployMigrations, startEmbeddedPostgres } from '@reeltag/platform'
import { printTable } from './clips.mjs'
import { processorMs } from './processor-time.mjs'

const key = 'rt_bench_bookkeepingkeyfortests0123456789'
const atOnce = 32

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
    Object.assign(this, { home, server, pid, url: server.url })
    this.pool = new pg.Pool({ connectionString: server.url, max: 2, application_name: 'bench' })
  }

  async rows(sql, params = []) {
    return (await this.pool.query(sql, params)).rows
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

/** The platform's process, and what it can be asked. */
export class InstantPlatform {
  static async start(postgres, servers = {}) {
    const child = fork(path.join(import.meta.dirname, 'instant-platform.mjs'), {
      env: {
        ...{ PATH: process.env.PATH, HOME: postgres.home, REELTAG_HOME: postgres.home, DATABASE_URL: postgres.url },
        ...{ REELTAG_BOOTSTRAP_KEY: key, PORT: '0', LOG_LEVEL: 'warn' },
        ...{ BLOB_URL: `file:${postgres.home}/blobs`, ...servers },
      },
      execArgv: process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : [],
    })
    const [{ url }] = await once(child, 'message')
    const [{ id }] = await postgres.rows(`SELECT id FROM workspaces WHERE name = 'default'`)
    return new InstantPlatform(child, url, id, postgres)
  }

  constructor(child, url, workspaceId, postgres) {
    Object.assign(this, { child, url, workspaceId, postgres })
  }

  /** Through the store, as the gateway does after it has read the request. */
  async accept(contents) {
    this.child.send({ workspaceId: this.workspaceId, contents, atOnce })
    await once(this.child, 'message')
  }

  /** Over HTTP: a small file and a title. */
  async submit(contents) {
    let left = contents
    const loop = async () => {
      while (left-- > 0) {
        const form = new FormData()
        form.append('content', new Blob([JSON.stringify({ title: '小猫在玩', language: 'zh' })]))
        form.append('file', new Blob([`bytes of video ${left} ${performance.now()}`]), 'video.mp4')
        const headers = { authorization: `Bearer ${key}` }
        const response = await fetch(`${this.url}/v1/contents`, { method: 'POST', headers, body: form })
        if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`)
        await response.arrayBuffer()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, loop))
  }

  /** Until every content is concluded and every event is out. */
  async settled() {
    for (;;) {
      const [left] = await this.postgres.rows(
        `SELECT EXISTS (SELECT 1 FROM contents WHERE state = 'processing') AS contents,
                EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL) AS events`,
      )
      if (!left.contents && !left.events) return
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  async close() {
    this.child.disconnect()
    await once(this.child, 'exit')
  }
}

/** @returns seconds and processor milliseconds a content, by process, for one way in */
export const measure = async (platform, way, contents) => {
  const { postgres, child } = platform
  await postgres.rows('SELECT pg_stat_statements_reset()')
  const before = { started: performance.now(), node: processorMs(child.pid), postgres: processorMs(postgres.pid) }
  await platform[way](contents)
  const acceptedSeconds = (performance.now() - before.started) / 1_000
  await platform.settled()
  const seconds = (performance.now() - before.started) / 1_000
  return {
    ...{ contents, seconds, acceptedSeconds, perSecond: contents / seconds },
    nodeMs: (processorMs(child.pid) - before.node) / contents,
    postgresMs: (processorMs(postgres.pid) - before.postgres) / contents,
    statements: await statements(postgres, contents),
  }
}

const statements = async (postgres, contents) =>
  (
    await postgres.rows(
      `SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query, calls::float8 AS calls, total_exec_time AS ms, wal_bytes::float8 AS wal
       FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY total_exec_time DESC`,
    )
  ).map(({ query, calls, ms, wal }) => ({ query, calls: calls / contents, ms: ms / contents, wal: wal / contents }))

export const benchBookkeeping = async () => {
  const contents = Number(process.env.BENCH_CONTENTS ?? 2_000)
  const postgres = await CountingPostgres.start()
  const platform = await InstantPlatform.start(postgres)
  try {
    for (const way of (process.env.BENCH_WAYS ?? 'accept,submit').split(',')) {
      await measure(platform, way, 200)
      const figures = await measure(platform, way, contents)
      printTable(
        way,
        ['contents/s', 'accepted/s', 'node ms', 'postgres ms'],
        [
          [figures.perSecond, contents / figures.acceptedSeconds, figures.nodeMs, figures.postgresMs].map((value) =>
            value.toFixed(2),
          ),
        ],
      )
      printTable(
        'statements',
        ['', 'calls', 'ms', 'wal'],
        figures.statements
          .slice(0, 30)
          .map(({ query, calls, ms, wal }) => [query, calls.toFixed(3), ms.toFixed(3), wal.toFixed(0)]),
      )
    }
  } finally {
    await platform.close()
    await postgres.close()
  }
}
