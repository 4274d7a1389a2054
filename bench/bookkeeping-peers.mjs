// The same amounts without a platform around them.
import { createRequire } from 'node:module'
import pg from 'pg'
import { newId } from '@reeltag/platform'
import { atOnce } from './instant.mjs'

// The queue that the platform uses, in the version that it uses.
const { createPostgresBackend, Queue, Worker, withBackend } = createRequire(
  new URL('../libs/pipeline/package.json', import.meta.url),
)('bullmq')

const stages = 4

/** Four jobs for each content through BullMQ, and nothing else. @returns contents a second */
export const bareJobs = async (postgres, servers, contents) => {
  const pool =
    servers === undefined
      ? new pg.Pool({
          connectionString: postgres.url,
          max: 12,
          options: '-c search_path=bullmq -c synchronous_commit=off',
        })
      : undefined
  const bull = pool === undefined ? { Queue, Worker } : withBackend(createPostgresBackend)
  const { hostname, port } = new URL(servers?.variables.REDIS_URL ?? 'redis://none:1')
  const connection = pool ?? { host: hostname, port: Number(port), maxRetriesPerRequest: null }
  const queue = new bull.Queue('peer', { connection })
  let done = 0
  const total = contents * stages
  let finish
  const finished = new Promise((resolve) => (finish = resolve))
  const work = () => {
    if (++done === total) finish()
    return Promise.resolve()
  }
  const worker = new bull.Worker('peer', work, { connection, concurrency: atOnce })
  await worker.waitUntilReady()
  const started = performance.now()
  const opts = { removeOnComplete: true, removeOnFail: true }
  for (let added = 0; added < total; added += 128) {
    const size = Math.min(128, total - added)
    await queue.addBulk(
      Array.from({ length: size }, () => ({
        name: 'job',
        data: { contentId: newId() },
        opts: { ...opts, jobId: newId() },
      })),
    )
  }
  await finished
  const perSecond = contents / ((performance.now() - started) / 1_000)
  await worker.close()
  await queue.close()
  await pool?.end()
  return perSecond
}

/**
 * What cannot be left out, in plain statements: a durable transaction that takes the content in, four stages begun and
 * ended, a durable transaction with the result. No queue, no events published. @returns contents a second
 */
export const bareStatements = async (postgres, contents) => {
  const pool = new pg.Pool({ connectionString: postgres.url, max: atOnce, options: '-c synchronous_commit=off' })
  await pool.query(`CREATE TABLE IF NOT EXISTS peer_contents (id uuid PRIMARY KEY, state text, data jsonb)`)
  await pool.query(
    `CREATE TABLE IF NOT EXISTS peer_stages (id uuid, stage int, state text, output jsonb, PRIMARY KEY (id, stage))`,
  )
  await pool.query(`CREATE TABLE IF NOT EXISTS peer_events (id bigserial PRIMARY KEY, content_id uuid, data jsonb)`)
  const data = JSON.stringify({ title: '小猫在玩', tags: ['animal/cat'] })
  const durably = async (run) => {
    const client = await pool.connect()
    await client.query('BEGIN; SET LOCAL synchronous_commit = on')
    await run(client)
    await client.query('COMMIT')
    client.release()
  }
  const one = async () => {
    const id = newId()
    await durably(async (client) => {
      await client.query(`INSERT INTO peer_contents VALUES ($1, 'processing', $2)`, [id, data])
      await client.query(`INSERT INTO peer_stages SELECT $1, n, 'ready' FROM generate_series(1, ${stages}) n`, [id])
      await client.query(`INSERT INTO peer_events (content_id, data) VALUES ($1, $2)`, [id, data])
    })
    for (let stage = 1; stage <= stages; stage++) {
      await pool.query(`UPDATE peer_stages SET state = 'running' WHERE id = $1 AND stage = $2`, [id, stage])
      await pool.query(`UPDATE peer_stages SET state = 'done', output = $3 WHERE id = $1 AND stage = $2`, [
        id,
        stage,
        data,
      ])
    }
    await durably(async (client) => {
      await client.query(`UPDATE peer_contents SET state = 'published' WHERE id = $1`, [id])
      await client.query(`INSERT INTO peer_events (content_id, data) SELECT $1, $2 FROM generate_series(1, 4)`, [
        id,
        data,
      ])
    })
  }
  const started = performance.now()
  let left = contents
  const loop = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: atOnce }, loop))
  const perSecond = contents / ((performance.now() - started) / 1_000)
  await pool.query('DROP TABLE peer_contents, peer_stages, peer_events')
  await pool.end()
  return perSecond
}
