import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import path from 'node:path'
import { concluded, PackFolder, runCli, type CliResult } from './packs.fixture.js'
import { ReeltagProcess } from './process.fixture.js'

const key = 'a-key-for-the-tests-of-shadows'
const authorization = `Bearer ${key}`
const clips = path.resolve(import.meta.dirname, '../../../samples')
const inForce = 'starter/2.0.0'

interface Content {
  state: string
  result: { decision: string; versions: { pack: string } } | null
}

interface Report {
  shadow: { pack: string; state: string; share: number }
  progress: { waiting: number; done: number; failed: Record<string, number> }
  beside: Record<string, number>
  sameTaxonomy: boolean
  comparison: {
    contents: number
    decisions: Record<'active' | 'shadow', Record<string, number>>
    facets: { facet: string; levels: { level: number; compared: number; agreed: number }[]; incomparable: number }[]
  }
}

describe('a pack that is shadowed by a platform that runs', () => {
  const folder = new PackFolder()
  let database: TestDatabase
  let platform: ReeltagProcess
  let db: Database
  const start = async (): Promise<void> => {
    const env = { ...folder.env, DATABASE_URL: database.url, REELTAG_BOOTSTRAP_KEY: key }
    platform = await ReeltagProcess.start({ ...env, BLOB_URL: `file:${path.join(folder.home, 'blobs')}` })
    await platform.ready
  }
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 1 })
    await start()
  })
  afterAll(async () => {
    await platform.stop()
    await db.close()
    await database.drop()
    folder.remove()
  })

  const packs = (...args: string[]): Promise<CliResult> =>
    runCli({ ...folder.env, DATABASE_URL: database.url, REELTAG_HOME: folder.home }, 'packs', ...args)
  const report = async (): Promise<Report> => JSON.parse((await packs('shadow', '--json')).stdout) as Report
  const submit = async (title: string, clip?: string): Promise<string> => {
    const form = new FormData()
    form.append('content', JSON.stringify({ title }))
    if (clip !== undefined) form.append('file', new Blob([fs.readFileSync(path.join(clips, clip))]), clip)
    const response = await platform.fetch('/v1/contents', { method: 'POST', headers: { authorization }, body: form })
    expect(response.status).toBe(202)
    return ((await response.json()) as { id: string }).id
  }
  const conclusion = (id: string): Promise<Content> => concluded(platform, { authorization }, { id, seconds: 60 })
  const submitAll = async (titles: readonly string[], clip?: string): Promise<string[]> => {
    const ids = [
      ...(await Promise.all(titles.map((title) => submit(title)))),
      ...(clip ? [await submit('', clip)] : []),
    ]
    await Promise.all(ids.map(conclusion))
    return ids
  }
  const titles = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${['一只大熊猫', '一列火车', '弹吉他', 'pizza'][i % 4] ?? ''} ${i}`)
  const shadowed = (pack: string) =>
    db.query<{ content_id: string; state: string; decision: string }>(
      `SELECT content_id, state, decision FROM shadow_predictions WHERE pack = $1`,
      [pack],
    )
  const done = (pack: string, count: number) =>
    until(`${count} shadows are done`, 60, async () => {
      const rows = await shadowed(pack)
      return rows.filter(({ state }) => state === 'done').length === count ? rows : undefined
    })
  /** Everything that anybody may see of contents, without what differs from one to the next. */
  const visible = (ids: readonly string[]) =>
    db.query(
      `SELECT c.state, c.revision, c.pack, c.priority, p.versions->>'pack' AS by,
         (SELECT array_agg(o.name ORDER BY o.id) FROM outbox o WHERE o.content_id = c.id) AS events,
         (SELECT count(*)::int FROM review_items r WHERE r.content_id = c.id) AS reviews,
         (SELECT array_agg(s.stage || ' ' || s.attempt ORDER BY s.stage) FROM stages s WHERE s.content_id = c.id) AS stages
       FROM contents c JOIN predictions p ON p.content_id = c.id
       WHERE c.id = ANY($1::uuid[]) ORDER BY array_position($1::uuid[], c.id)`,
      [ids],
    )
  const mentions = async (pack: string): Promise<number> => {
    const [row] = await db.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM outbox WHERE data::text LIKE $1)::int + (SELECT count(*) FROM predictions WHERE versions::text LIKE $1)::int
         + (SELECT count(*) FROM contents WHERE pack LIKE $1)::int AS n`,
      [`%${pack}%`],
    )
    return row?.n ?? -1
  }

  it('says what it would decide, and nothing that anybody sees is another', async () => {
    const clip = fs.readdirSync(clips).find((name) => name.endsWith('.mp4'))!
    const before = await visible(await submitAll(titles(6), clip))
    const vectors = async () => (await db.query(`SELECT id FROM embeddings ORDER BY id`)).length
    const vectorsBefore = await vectors()
    // Never certified: it sends everything to review, where the pack in force publishes.
    const next = folder.add('2.9.0', ({ facets: { subject } }) => void (subject.calibrated = false))
    expect(await packs('shadow', next, '--as', 'ada')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('fusion'),
    })
    const ids = await submitAll(titles(6), clip)
    const rows = await done(next, ids.length)
    expect(rows.map(({ content_id }) => content_id).sort()).toEqual([...ids].sort())
    expect(new Set(rows.map(({ decision }) => decision))).toEqual(new Set(['review']))
    expect(await visible(ids)).toEqual(before)
    expect(await mentions(next)).toBe(0)
    // Its encoders are the same: what they made is found, not made again.
    expect(await vectors()).toBe(vectorsBefore)
    const { shadow, progress, beside, sameTaxonomy, comparison } = await report()
    expect(shadow).toMatchObject({ pack: next, state: 'running', share: 1 })
    expect(progress).toEqual({ waiting: 0, done: ids.length, failed: {} })
    expect([beside, sameTaxonomy]).toEqual([{ [inForce]: ids.length }, true])
    expect(comparison.decisions.shadow['review']).toBe(ids.length)
    expect(comparison.decisions.active['published']).toBeGreaterThan(0)
    // The same head names the same leaves.
    const [facet] = comparison.facets
    expect(facet?.levels.length).toBeGreaterThan(1)
    expect(facet?.levels.every(({ compared, agreed }) => compared === agreed)).toBe(true)
    const table = (await packs('shadow')).stdout
    expect(table).toMatch(/^level 2\t100\.0 % agree\tof \d+$/m)
    expect(table).toMatch(/^review\t[\d.]+ %\t100\.0 %$/m)
  })

  it('goes on where it was after the process was killed, and says nothing twice', async () => {
    const before = (await shadowed('starter/2.9.0')).length
    const ids = await Promise.all(titles(40).map((title) => submit(title)))
    await until('it has begun', 30, async () => (await shadowed('starter/2.9.0')).length > before || undefined)
    platform.signal('SIGKILL')
    await platform.exited
    await start()
    await Promise.all(ids.map(conclusion))
    const rows = await done('starter/2.9.0', before + ids.length)
    expect(new Set(rows.map(({ content_id }) => content_id)).size).toBe(rows.length)
    expect((await visible(ids)).map(({ by }) => by)).toEqual(ids.map(() => inForce))
  })

  it('is refused with its code where a process cannot load it, and the one in force serves on', async () => {
    const broken = folder.add('2.1.0')
    fs.appendFileSync(folder.graphOf('2.1.0'), 'x')
    expect(await packs('shadow', '--stop')).toMatchObject({ status: 0 })
    expect(await packs('shadow', broken)).toMatchObject({ status: 1, stderr: expect.stringContaining('PACK_INVALID') })
    const elsewhere = new PackFolder()
    const ref = elsewhere.add('2.2.0')
    const env = { ...elsewhere.env, DATABASE_URL: database.url, REELTAG_HOME: elsewhere.home }
    const refused = await runCli(env, 'packs', 'shadow', ref)
    elsewhere.remove()
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/MODEL_MISSING[^]*cannot load it/) })
    const [id] = await submitAll(titles(1))
    expect((await conclusion(id!)).result?.versions.pack).toBe(inForce)
    expect((await report()).shadow).toMatchObject({ pack: 'starter/2.9.0', state: 'stopped' })
    expect((await shadowed('starter/2.9.0')).some(({ content_id }) => content_id === id)).toBe(false)
  })

  it('is brought into force without being loaded again, and needs no shadow then', async () => {
    const next = folder.add('2.3.0')
    expect(await packs('shadow', next, '--share', '0.5')).toMatchObject({ status: 0 })
    expect(await packs('shadow', inForce)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('PACK_IN_FORCE'),
    })
    expect(await packs('shadow', 'starter/2.9.0')).toMatchObject({ stderr: expect.stringContaining('PACK_SHADOWED') })
    const activated = await packs('activate', next)
    expect(activated.stdout.match(/: ready$/gm)).toHaveLength(3)
    expect(activated.stdout).not.toContain('loading')
    const [id] = await submitAll(titles(1))
    expect((await conclusion(id!)).result?.versions.pack).toBe(next)
    expect((await report()).shadow).toMatchObject({ pack: next, state: 'activated', share: 0.5 })
    expect(await packs('shadow', '--stop')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('PACK_NOT_SHADOWED'),
    })
  })

  it('is compared at labels of the same path where its taxonomy is another', async () => {
    const ref = folder.add('3.0.0', (manifest) => folder.renameLeaf(manifest, 'panda', 'giant-panda'))
    expect(await packs('shadow', ref)).toMatchObject({ status: 0 })
    const ids = await submitAll(titles(8))
    await done(ref, ids.length)
    const { sameTaxonomy, comparison } = await report()
    expect(sameTaxonomy).toBe(false)
    const [facet] = comparison.facets
    expect(facet?.incomparable).toBe(2)
    expect(facet?.levels.map(({ compared, agreed }) => [compared, agreed])).toEqual([
      [8, 8],
      [8, 8],
      [6, 6],
    ])
    expect((await packs('shadow')).stdout).toContain('taxonomies differ')
  })

  it('takes a share, a pack and a workspace that make sense', async () => {
    for (const share of ['0', '1.5', 'half', ''])
      expect((await packs('shadow', 'starter/2.9.0', '--share', share)).stderr).toContain('ARGUMENT_INVALID')
    expect((await packs('shadow', 'a/1.0.0', 'b/1.0.0')).stderr).toContain('ARGUMENT_INVALID')
    expect((await packs('shadow', 'starter/2.9.0', '--workspace', 'nobody')).stderr).toContain('NOT_FOUND')
    expect((await packs('shadow', '--workspace', 'nobody')).stderr).toContain('NOT_FOUND')
  })
})
