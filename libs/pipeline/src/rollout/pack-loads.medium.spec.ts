import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId } from '@reeltag/platform'
import { PackLoads } from './pack-loads.js'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'

describe('PackLoads', () => {
  let database: TestDatabase
  let db: Database
  let loads: PackLoads
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    loads = new PackLoads(db, 'fusion')
    for (const [name, pack] of [
      ['mine', 'tiny/1.0.0'],
      ['theirs', 'tiny/2.0.0'],
    ] as const)
      await addWorkspace(db, { name, pack })
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  const wanted = async () => (await loads.wanted()).map(({ pack, requestId }) => [pack, requestId])
  const said = async () => (await loads.all()).map(({ pack, service, state }) => [pack, service, state])
  const ready = (pack: string) => ({ pack, state: 'ready' as const, requestId: null })

  it('wants what is in force anywhere, what is shadowed, and what was asked for until that is settled or too old', async () => {
    const inForce = [
      ['tiny/1.0.0', null],
      ['tiny/2.0.0', null],
    ]
    expect(await wanted()).toEqual(inForce)
    const first = await loads.request('tiny/3.0.0', 'ada')
    const second = await loads.request('tiny/3.0.0', 'bob')
    expect(await wanted()).toEqual([...inForce, ['tiny/3.0.0', second]])
    await loads.settle(second)
    expect(await wanted()).toEqual([...inForce, ['tiny/3.0.0', first]])
    await db.query(`UPDATE pack_requests SET until = now() - interval '1 second'`)
    expect(await wanted()).toEqual(inForce)
    await db.query(
      `INSERT INTO pack_shadows (id, workspace_id, pack, share, actor, state, sequence)
       SELECT gen_random_uuid(), id, 'tiny/' || n || '.0.0', 1, 'ada', state, 0
       FROM workspaces, (VALUES (4, 'running'), (5, 'stopped')) AS s(n, state) WHERE name = 'mine'`,
    )
    expect(await wanted()).toEqual([...inForce, ['tiny/4.0.0', null]])
  })

  it('needs of older packs those that a content under way was accepted with', async () => {
    for (const [pack, state] of [
      ['tiny/0.1.0', 'processing'],
      ['tiny/0.2.0', 'published'],
    ])
      await db.query(
        `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash)
         SELECT $1, id, $3, $2, '{}', '{text}', 'h' FROM workspaces WHERE name = 'mine'`,
        [newId(), pack, state],
      )
    expect(await loads.needed(['tiny/0.1.0', 'tiny/0.2.0', 'tiny/0.3.0'])).toEqual(['tiny/0.1.0'])
  })

  it('knows what each process holds: no more than it said last, and nothing of one that is silent', async () => {
    const [vision, twin] = [new PackLoads(db, 'vision-encoder'), new PackLoads(db, 'fusion')]
    await loads.report([ready('tiny/1.0.0'), ready('tiny/2.0.0')])
    await vision.report([ready('tiny/1.0.0')])
    await twin.report([ready('tiny/2.0.0')])
    await loads.report([{ ...ready('tiny/1.0.0'), state: 'loading' }])
    expect(await said()).toEqual([
      ['tiny/1.0.0', 'fusion', 'loading'],
      ['tiny/1.0.0', 'vision-encoder', 'ready'],
      ['tiny/2.0.0', 'fusion', 'ready'],
    ])
    await db.query(`UPDATE pack_loads SET seen_at = now() - interval '9 seconds' WHERE service = 'vision-encoder'`)
    expect(await said()).toHaveLength(3)
    await db.query(`UPDATE pack_loads SET seen_at = now() - interval '11 seconds' WHERE service = 'vision-encoder'`)
    expect((await said()).map(([, service]) => service)).toEqual(['fusion', 'fusion'])
  })
})
