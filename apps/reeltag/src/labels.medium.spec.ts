import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { LabelPage, LabelResults, Problem } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runCli } from './packs.fixture.js'
import { ReeltagProcess } from './process.fixture.js'

const key = 'a-key-for-the-tests-of-labels'
const cat = 'animals/pets-and-livestock/cat'
const at = '2026-01-01T00:00:00.000Z'
const contents = 20_000

describe('labels over REST and by the command line', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-labels-'))
  let database: TestDatabase
  let db: Database
  let platform: ReeltagProcess
  let ids: string[]
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 2 })
    platform = await ReeltagProcess.start({
      DATABASE_URL: database.url,
      REELTAG_BOOTSTRAP_KEY: key,
      REELTAG_SERVICES: 'gateway',
    })
    await platform.ready
    const rows = await db.query<{ id: string }>(
      `INSERT INTO contents (id, workspace_id, external_id, state, pack, submission, modalities, input_hash)
       SELECT uuidv7(), w.id, 'video-' || n, 'published', w.pack, '{}', '{text}', 'x'
       FROM workspaces w, generate_series(1, $1::int) AS n WHERE w.name = 'default' RETURNING id`,
      [contents],
    )
    ids = rows.map(({ id }) => id)
  })
  afterAll(async () => {
    await platform.stop()
    await db.close()
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const cli = (...args: string[]) => runCli({ DATABASE_URL: database.url, HOME: folder, REELTAG_HOME: folder }, ...args)
  const makeKey = async (workspace: string, scope: string): Promise<string> => {
    const made = await cli('keys', 'create', '--name', 'test', '--workspace', workspace, '--scope', scope)
    return made.stdout.trim()
  }
  const send = (body: unknown, by = key) =>
    platform.fetch('/v1/labels', {
      method: 'POST',
      headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const ask = (query: string, by = key) =>
    platform.fetch(`/v1/labels${query}`, { headers: { authorization: `Bearer ${by}` } })
  const page = async (query: string, by = key) => LabelPage.parse(await (await ask(query, by)).json())
  const codeOf = async (response: Response) => [response.status, Problem.parse(await response.json()).code]
  const aLabel = { facet: 'subject', path: cat, source: 'review', who: 'li', at }

  it('are stored once, and each that does not fit is refused by itself', async () => {
    const labels = [
      { ...aLabel, contentId: ids[0], propensity: 0.5 },
      { ...aLabel, externalId: 'video-2', path: null },
      { ...aLabel, externalId: 'nobody' },
      { ...aLabel, externalId: 'video-3', path: 'animals/unicorn' },
    ]
    const first = LabelResults.parse(await (await send(labels)).json())
    expect(first).toMatchObject({ stored: 2, known: 0, refused: 2 })
    expect(first.results.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      'stored',
      'stored',
      'content-unknown',
      'node-unknown',
    ])
    expect(LabelResults.parse(await (await send(labels)).json())).toMatchObject({ stored: 0, known: 2, refused: 2 })
    const { items } = await page('')
    expect(items.map(({ externalId, path: node, propensity }) => [externalId, node, propensity])).toEqual([
      ['video-2', null, null],
      ['video-1', cat, 0.5],
    ])
    expect(items[0]).toMatchObject({ taxonomy: 'starter/2', source: 'review', who: 'li', at, supersededAt: null })
  })

  it('come page by page, by content, facet and source, with their history where it is asked for', async () => {
    const [, , , , id = ''] = ids
    const said = [1, 2, 3].map((minute) => ({ ...aLabel, contentId: id, at: `2026-02-01T00:0${minute}:00Z` }))
    await send([...said, { ...aLabel, contentId: id, source: 'audit' }])
    expect((await page(`?contentId=${id}`)).items.map(({ source }) => source).sort()).toEqual(['audit', 'review'])
    expect((await page(`?contentId=${id}&source=audit`)).items).toHaveLength(1)
    expect((await page(`?contentId=${id}&facet=style`)).items).toEqual([])
    const pages = [await page(`?contentId=${id}&history=true&limit=3`)]
    pages.push(await page(`?contentId=${id}&history=true&limit=3&cursor=${pages[0]?.nextCursor ?? ''}`))
    expect(pages.map(({ items }) => items.length)).toEqual([3, 1])
    expect(new Set(pages.flatMap(({ items }) => items.map((item) => item.id))).size).toBe(4)
    expect(pages.flatMap(({ items }) => items).filter(({ supersededAt }) => supersededAt !== null)).toHaveLength(2)
  })

  it('refuse what is no label, with the documented codes', async () => {
    const good = { ...aLabel, contentId: ids[5] }
    for (const bad of [
      {},
      [],
      [{ ...good, propensity: 0 }],
      [{ ...good, propensity: 1.5 }],
      [{ ...good, source: 'rumour' }],
      [{ ...good, at: 'yesterday' }],
      [{ ...good, who: '' }],
      [{ ...good, externalId: 'video-1' }],
      [{ ...aLabel }],
      [{ ...good, colour: 1 }],
      `[${JSON.stringify(good).replace('{', '{"__proto__":{"who":"x"},')}]`,
      Array.from({ length: 1_001 }, () => good),
    ])
      expect(await codeOf(await send(bad))).toEqual([400, 'BODY_INVALID'])
    expect(await codeOf(await send('[{'))).toEqual([400, 'BODY_NOT_JSON'])
    expect(await codeOf(await ask('?source=rumour'))).toEqual([400, 'QUERY_INVALID'])
    expect(await codeOf(await ask('?cursor=x'))).toEqual([400, 'CURSOR_INVALID'])
  })

  it('need their own scopes, and are seen by their own workspace only', async () => {
    const keys = {
      reader: await makeKey('default', 'labels:read'),
      writer: await makeKey('default', 'labels:write'),
      stranger: await makeKey('theirs', 'labels:read,labels:write'),
    }
    expect(await codeOf(await send([{ ...aLabel, contentId: ids[6] }], keys.reader))).toEqual([403, 'SCOPE_MISSING'])
    expect(await codeOf(await ask('', keys.writer))).toEqual([403, 'SCOPE_MISSING'])
    const tried = await send(
      [
        { ...aLabel, contentId: ids[0] },
        { ...aLabel, externalId: 'video-1' },
      ],
      keys.stranger,
    )
    expect(LabelResults.parse(await tried.json())).toMatchObject({ stored: 0, refused: 2 })
    expect(await page('?history=true', keys.stranger)).toEqual({ items: [], nextCursor: null })
  })

  describe('by the command line', () => {
    const write = (name: string, lines: readonly string[]): string => {
      const file = path.join(folder, name)
      fs.writeFileSync(file, ['external_id,facet,path,source,who,at', ...lines].join('\n') + '\n')
      return file
    }
    const lines = (count: number): string[] =>
      Array.from({ length: count }, (_, n) => `video-${n + 1},subject,${cat},gold,team,${at}`)
    const gold = async () =>
      (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM labels WHERE source = 'gold'`))[0]?.n

    it('go in and out, and the exit code says that rows were refused', async () => {
      const file = write('some.csv', [...lines(3), 'nobody,subject,food,gold,team,2026-01-01T00:00:00Z'])
      const imported = await cli('labels', 'import', file)
      const told = `the refused rows, with their lines and reasons, are in ${file}.refused.csv`
      expect(imported).toMatchObject({
        status: 3,
        stdout: `rows=4\tstored=3\tknown=0\trefused=1\n${told}\n`,
        stderr: '',
      })
      expect(fs.readFileSync(`${file}.refused.csv`, 'utf8')).toMatch(/\n5,content-unknown,/)
      const out = path.join(folder, 'out.parquet')
      expect(await cli('labels', 'export', out, '--source', 'gold')).toMatchObject({ status: 0, stdout: 'rows=3\n' })
      expect(await cli('labels', 'import', out)).toMatchObject({
        status: 0,
        stdout: 'rows=3\tstored=0\tknown=3\trefused=0\n',
        stderr: '',
      })
    })

    it('say what is wrong with a command or a file', async () => {
      const file = write('fine.csv', lines(1))
      for (const [args, status, message] of [
        [['import'], 2, /ARGUMENT_INVALID[^]*<file> is missing[^]*usage:/],
        [['import', file, '--source', 'rumour'], 2, /ARGUMENT_INVALID[^]*--source rumour/],
        [['import', file, '--at', 'noon'], 2, /ARGUMENT_INVALID[^]*--at noon/],
        [['import', file, '--workspace', 'nowhere'], 1, /NOT_FOUND/],
        [['import', `${file}.gz`], 1, /LABELS_UNREADABLE/],
        [['export', path.join(folder, 'out.xlsx')], 1, /LABELS_UNREADABLE/],
      ] as const)
        expect(await cli('labels', ...args)).toMatchObject({ status, stderr: expect.stringMatching(message) })
    })

    it('go on where a killed import stopped', async () => {
      await db.query(`DELETE FROM labels WHERE source = 'gold'`)
      const file = write('long.csv', lines(contents))
      const child = spawn(process.execPath, [path.join(import.meta.dirname, 'cli.js'), 'labels', 'import', file], {
        env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url, HOME: folder, REELTAG_HOME: folder },
        stdio: 'ignore',
      })
      await until('a checkpoint', 60, () => Promise.resolve(fs.existsSync(`${file}.checkpoint`) || undefined))
      child.kill('SIGKILL')
      await once(child, 'close')
      const before = (await gold()) ?? 0
      expect(before).toBeGreaterThanOrEqual(1_000)
      expect(before).toBeLessThan(contents)
      const { status, stdout } = await cli('labels', 'import', file, '--resume')
      expect([status, stdout.split('\t')[0]]).toEqual([0, `rows=${contents}`])
      expect(await gold()).toBe(contents)
    })
  })
})
