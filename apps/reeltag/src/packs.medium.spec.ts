import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import path from 'node:path'
import { concluded, PackFolder, runCli, type CliResult } from './packs.fixture.js'
import { ReeltagProcess } from './process.fixture.js'

const key = 'a-key-for-the-tests-of-packs'
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
const hungry = path.resolve(import.meta.dirname, '../../../libs/inference/fixtures/hungry.onnx')

interface Content {
  state: string
  result: { versions: { pack: string } } | null
}

describe('packs of a platform that runs', () => {
  const folder = new PackFolder()
  let database: TestDatabase
  let platform: ReeltagProcess
  let db: Database

  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 1 })
    platform = await ReeltagProcess.start({
      ...folder.env,
      DATABASE_URL: database.url,
      REELTAG_BOOTSTRAP_KEY: key,
      LOG_LEVEL: 'info',
    })
    await platform.ready
  })
  afterAll(async () => {
    await platform.stop()
    await db.close()
    await database.drop()
    folder.remove()
  })

  const packs = (...args: string[]): Promise<CliResult> =>
    runCli({ ...folder.env, DATABASE_URL: database.url, REELTAG_HOME: folder.home }, 'packs', ...args)
  const submit = async (title: string): Promise<string> => {
    const response = await platform.fetch('/v1/contents', { method: 'POST', headers, body: JSON.stringify({ title }) })
    expect(response.status).toBe(202)
    return ((await response.json()) as { id: string }).id
  }
  const conclusion = (id: string): Promise<Content> => concluded(platform, headers, { id, seconds: 30 })
  const inForce = async (): Promise<string> => {
    const [row] = await db.query<{ pack: string }>(`SELECT pack FROM workspaces WHERE name = 'default'`)
    return row?.pack ?? ''
  }
  /** Submits without a pause until told to stop. */
  const stream = () => {
    const stopped = new AbortController()
    const sent = (async () => {
      const ids: string[] = []
      while (!stopped.signal.aborted) ids.push(await submit(`大熊猫 ${ids.length}`))
      return ids
    })()
    return {
      stop: (): Promise<string[]> => {
        stopped.abort()
        return sent
      },
    }
  }

  it('are swapped under load: every content is tagged, by the pack that it was accepted with', async () => {
    const next = folder.add('2.0.1')
    const submissions = stream()
    const activated = await packs('activate', next, '--as', 'ada')
    expect(activated).toMatchObject({ status: 0 })
    expect(activated.stdout).toMatch(/fusion \w+: ready/)
    await submit('一只猫')
    const ids = await submissions.stop()
    const contents = await Promise.all(ids.map(conclusion))
    expect(contents.filter(({ state }) => state === 'failed')).toEqual([])
    const used = contents.map(({ result }) => result?.versions.pack)
    expect(new Set(used)).toEqual(new Set(['starter/2.0.0', next]))
    // In the order of acceptance there is one change, and none back.
    expect(used.lastIndexOf('starter/2.0.0')).toBeLessThan(used.indexOf(next))
    expect(await inForce()).toBe(next)
  })

  it('go back to the one before, and it is kept who did what', async () => {
    const rolledBack = await packs('rollback', '--as', 'grace')
    expect(rolledBack).toMatchObject({ status: 0 })
    expect(await inForce()).toBe('starter/2.0.0')
    expect((await conclusion(await submit('一列火车'))).result?.versions.pack).toBe('starter/2.0.0')
    const { stdout } = await packs('history')
    expect(stdout).toMatch(/ada\tstarter\/2\.0\.0 → starter\/2\.0\.1\trolled back .* by grace/)
    expect(await packs('rollback')).toMatchObject({ status: 1, stderr: expect.stringContaining('PACK_NO_PREVIOUS') })
  })

  const broken: [what: string, code: RegExp, make: () => string][] = [
    [
      'a file that is not what its checksum says',
      /PACK_INVALID[^]*SHA-256/,
      () => {
        const ref = folder.add('2.1.0')
        fs.appendFileSync(folder.graphOf('2.1.0'), 'x')
        return ref
      },
    ],
    [
      'a file that is missing',
      /MODEL_MISSING/,
      () => {
        const ref = folder.add('2.1.1')
        fs.rmSync(folder.graphOf('2.1.1'))
        return ref
      },
    ],
    [
      'leaves that its taxonomy does not have',
      /TAXONOMY_INVALID/,
      () => folder.add('2.1.2', ({ facets: { subject } }) => void (subject.leaves[0] = 'no-such-leaf')),
    ],
    [
      'more leaves than the head',
      /MODEL_MISMATCH/,
      () => folder.add('2.1.3', (m) => void m.facets.subject.leaves.pop()),
    ],
    ['a head that needs more memory than there is', /MODEL_MEMORY/, () => folder.add('2.1.4', undefined, hungry)],
    ['a name that no pack has', /MODEL_MISSING/, () => 'starter/9.9.9'],
  ]
  it.each(broken)('with %s are refused, and the one in force serves on', async (_what, code, make) => {
    const submissions = stream()
    const refused = await packs('activate', make())
    const ids = await submissions.stop()
    expect(refused.status).toBe(1)
    expect(refused.stderr).toMatch(code)
    expect(await inForce()).toBe('starter/2.0.0')
    const contents = await Promise.all(ids.map(conclusion))
    expect(contents.map(({ result }) => result?.versions.pack)).toEqual(ids.map(() => 'starter/2.0.0'))
  })

  it('are refused by the process that cannot load them, although their files are whole here', async () => {
    // What the platform was given is not what this command sees.
    const other = new PackFolder()
    const ref = other.add('2.2.0')
    const env = { ...other.env, DATABASE_URL: database.url, REELTAG_HOME: other.home }
    const refused = await runCli(env, 'packs', 'activate', ref)
    other.remove()
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/MODEL_MISSING[^]*cannot load it/) })
    expect(await inForce()).toBe('starter/2.0.0')
  })

  it('are listed, shown and verified', async () => {
    const { stdout } = await packs('list')
    expect(stdout).toMatch(/^starter\/2\.0\.0\tstarter\/2\tin force: default$/m)
    expect((await packs('show', 'starter/2.0.1')).stdout).toMatch(/^fusion\tstarter-fusion\/2\.0\.1$/m)
    expect(await packs('verify', 'starter/2.0.1')).toMatchObject({ status: 0 })
    expect(await packs('verify', 'starter/2.1.0')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('PACK_INVALID'),
    })
  })

  it('name a workspace and a person that exist', async () => {
    expect((await packs('activate', 'starter/2.0.1', '--workspace', 'nobody')).stderr).toContain('NOT_FOUND')
    expect((await packs('activate', 'starter/2.0.1', '--as', 'a\tb')).stderr).toContain('ARGUMENT_INVALID')
    expect((await packs('activate', 'starter/2.0.1', '--wait', 'long')).stderr).toContain('ARGUMENT_INVALID')
    expect((await packs('activate')).stderr).toContain('ARGUMENT_INVALID')
  })
})
