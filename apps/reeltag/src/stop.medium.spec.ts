import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ReeltagProcess } from './process.fixture.js'

const sample = path.resolve(import.meta.dirname, '../../../samples')
const clip = fs.readdirSync(sample).find((file) => file.endsWith('.mp4')) ?? ''
const key = 'rt_stop_bootstrapkeyfortestsonly0123456789'

interface Tally {
  contents: number
  open: number
  failed: number
  predictions: number
  lapses: number
  running: number
  unpublished: number
}

describe('SIGTERM with work in flight', () => {
  let database: TestDatabase
  let db: Database
  const running: ReeltagProcess[] = []
  const blobs = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-stop-'))
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 2 })
  })
  beforeEach(() => db.query('TRUNCATE contents, outbox CASCADE'))
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop()
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
    fs.rmSync(blobs, { recursive: true, force: true })
  })

  const start = async (env: Record<string, string> = {}): Promise<ReeltagProcess> => {
    const started = await ReeltagProcess.start({
      DATABASE_URL: database.url,
      BLOB_URL: `file:${blobs}`,
      REELTAG_BOOTSTRAP_KEY: key,
      ...env,
    })
    running.push(started)
    await started.ready
    return started
  }

  /** @returns whether it was accepted; a refused connection is none of the platform's promises */
  const submit = async (to: ReeltagProcess, index: number): Promise<boolean> => {
    const form = new FormData()
    form.append('content', JSON.stringify({ title: `草莓 ${index}`, externalId: `stop-${index}` }))
    const bytes = new Uint8Array(fs.readFileSync(path.join(sample, clip)))
    if (index % 2 === 0) form.append('file', new Blob([bytes]), 'clip.mp4')
    const headers = { authorization: `Bearer ${key}` }
    const response = await to.fetch('/v1/contents', { method: 'POST', body: form, headers }).catch(() => undefined)
    return response?.status === 202
  }

  const tally = async (): Promise<Tally> => {
    const [row] = await db.query<Tally>(
      `SELECT (SELECT count(*)::int FROM contents) AS contents,
         (SELECT count(*)::int FROM contents WHERE state = 'processing') AS open,
         (SELECT count(*)::int FROM contents WHERE state = 'failed') AS failed,
         (SELECT count(*)::int FROM predictions) AS predictions,
         (SELECT coalesce(sum(lapses), 0)::int FROM stages) AS lapses,
         (SELECT count(*)::int FROM stages WHERE state = 'running') AS running,
         (SELECT count(*)::int FROM outbox WHERE published_at IS NULL) AS unpublished`,
    )
    return row!
  }

  const allDone = (contents: number): Promise<Tally> =>
    until('every content is final', 60, async () => {
      const now = await tally()
      return now.open === 0 && now.unpublished === 0 && now.contents === contents ? now : undefined
    })

  it('loses and doubles nothing, leaves nothing half done, and the next process goes on at once', async () => {
    const first = await start()
    let accepted = 0
    const submitting = (async () => {
      for (let index = 0; index < 60; index += 6) {
        const six = Array.from({ length: 6 }, (_, offset) => submit(first, index + offset))
        accepted += (await Promise.all(six)).filter(Boolean).length
      }
    })()
    await until('some are done and more are under way', 60, async () => {
      const { predictions, running: busy } = await tally()
      return predictions > 2 && busy > 0 ? true : undefined
    })
    first.signal('SIGTERM')
    await submitting
    expect(await first.exited).toBe(0)
    const after = await tally()
    expect(after.contents).toBeGreaterThanOrEqual(accepted)
    // Work was ended, not abandoned, and what it wrote was told to the consumers.
    expect(after).toMatchObject({ running: 0, lapses: 0, unpublished: 0, failed: 0 })
    await start()
    const done = await allDone(after.contents)
    expect(done).toMatchObject({ predictions: after.contents, failed: 0, lapses: 0 })
    const doubled = await db.query(`SELECT 1 FROM contents WHERE revision <> 1`)
    expect(doubled).toEqual([])
  })

  it('is unready before it stops to answer, for as long as balancers need', async () => {
    const platform = await start({ STOP_DELAY_SECONDS: '2' })
    platform.signal('SIGTERM')
    const draining = await until('it is unready', 30, async () => {
      const answer = await platform.ask('/health/ready')
      return answer?.status === 503 ? answer : undefined
    })
    expect(draining.body).toContain('draining')
    expect(await submit(platform, 1)).toBe(true)
    expect(await platform.exited).toBe(0)
    const steps = platform.lines.filter(({ msg }) => msg === 'stopping').map(({ step }) => step)
    expect(steps).toEqual(['unready', 'requests', 'jobs and events', 'services'])
  })

  it('ends the streams of pages that watch, instead of waiting for them', async () => {
    const platform = await start()
    const stream = await platform.fetch('/v1/live', { headers: { authorization: `Bearer ${key}` } })
    expect(stream.status).toBe(200)
    platform.signal('SIGTERM')
    // The text of a stream that was cut would be an error.
    expect(await stream.text()).toMatch(/^retry: /)
    expect(await platform.exited).toBe(0)
  })

  it('of one of two workers leaves its work to the other, without waiting for a lease', async () => {
    const front = await start({ REELTAG_SERVICES: 'gateway,review' })
    const workers = 'ingest,vision-encoder,text-encoder,fusion'
    const [leaving] = await Promise.all([start({ REELTAG_SERVICES: workers }), start({ REELTAG_SERVICES: workers })])
    const accepted = (await Promise.all(Array.from({ length: 30 }, (_, index) => submit(front, index)))).filter(Boolean)
    expect(accepted).toHaveLength(30)
    leaving.signal('SIGTERM')
    expect(await leaving.exited).toBe(0)
    expect(await allDone(30)).toMatchObject({ predictions: 30, failed: 0, lapses: 0 })
  })
})
