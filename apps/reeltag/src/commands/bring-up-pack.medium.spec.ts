import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId } from '@reeltag/platform'
import { PackHistory, PackLoads, type PackLoad } from '@reeltag/pipeline'
import { addWorkspace, createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import { PackFolder, runCli } from '../packs.fixture.js'

const inForce = { pack: 'starter/2.0.0', state: 'ready', requestId: null } as const

/** The processes that serve models are played by what they say; the command is the real one. */
describe('a pack that a process has not loaded', () => {
  const folder = new PackFolder()
  const next = folder.add('2.0.1')
  let database: TestDatabase
  let db: Database
  let loads: PackLoads
  let history: PackHistory
  let telling: NodeJS.Timeout | undefined
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    loads = new PackLoads(db, 'fusion')
    history = new PackHistory(db)
    await addWorkspace(db, { name: 'default' })
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
    folder.remove()
  })
  afterEach(() => clearInterval(telling))

  /** Says again and again what this process holds, as a live one does. */
  const tell = async (answer: (requestId: string) => PackLoad[]): Promise<void> => {
    const once = async () => {
      const asked = (await loads.wanted()).find(({ pack }) => pack === next)
      await loads.report([inForce, ...(asked?.requestId == null ? [] : answer(asked.requestId))])
    }
    await once()
    telling = setInterval(() => void once().catch(() => undefined), 200)
  }
  const activate = (wait: string) =>
    runCli(
      { ...folder.env, DATABASE_URL: database.url, REELTAG_HOME: folder.home },
      ...['packs', 'activate', next, '--wait', wait],
    )
  const activations = async () => (await history.activations('default')).length
  const requests = () => db.query('SELECT 1 FROM pack_requests')

  it.each([
    ['says nothing of it', () => []],
    ['is still loading it', (requestId: string) => [{ pack: next, state: 'loading' as const, requestId }]],
    ['has it from an earlier request', () => [{ pack: next, state: 'ready' as const, requestId: newId() }]],
  ])('where it %s, is not brought into force', async (_, answer) => {
    await tell(answer)
    const { status, stderr } = await activate('1')
    expect([status, stderr]).toEqual([1, expect.stringMatching(/PACK_NOT_READY[^]*fusion \w+ did not load starter\/2/)])
    expect([(await history.of('default')).pack, await activations()]).toEqual(['starter/2.0.0', 0])
    // Nobody goes on loading what nobody waits for.
    expect(await requests()).toEqual([])
  })

  it('is brought into force as soon as the last of them has loaded it, and its request is settled', async () => {
    let ready = false
    await tell((requestId) => [{ pack: next, state: ready ? 'ready' : 'loading', requestId }])
    const activated = activate('60')
    await until('it is asked for', 30, async () => (await requests()).length === 1)
    expect((await history.of('default')).pack).toBe('starter/2.0.0')
    ready = true
    expect(await activated).toMatchObject({ status: 0, stdout: expect.stringContaining(`${next} is in force`) })
    expect([(await history.of('default')).pack, await activations()]).toEqual([next, 1])
    expect(await requests()).toEqual([])
  })
})
