import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { PackHistory } from './pack-history.js'
import { PackShadows } from './pack-shadows.js'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'

describe('packs of several workspaces', () => {
  let database: TestDatabase
  let db: Database
  let history: PackHistory
  let shadows: PackShadows
  let [mine, theirs] = ['', '']
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 8 })
    history = new PackHistory(db)
    shadows = new PackShadows(db)
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })
  beforeEach(async () => {
    for (const table of ['pack_shadows', 'pack_activations', 'workspaces']) await db.query(`DELETE FROM ${table}`)
    ;[mine, theirs] = ['mine', 'theirs']
    for (const name of [mine, theirs]) await addWorkspace(db, { name, pack: 'tiny/1.0.0' })
  })

  const by = (workspace: string, actor = 'ada') => ({ workspace, actor })
  const inForce = async (workspace: string): Promise<string> => (await history.of(workspace)).pack
  const told = async (workspace: string) =>
    (await history.activations(workspace)).map(({ pack, previous, actor, rolledBackBy }) => [
      `${previous} → ${pack}`,
      actor,
      rolledBackBy,
    ])

  it('are activated in one of them, and written down once', async () => {
    expect(await history.activate(by(mine), 'tiny/2.0.0')).toBe('tiny/1.0.0')
    expect(await inForce(mine)).toBe('tiny/2.0.0')
    expect(await inForce(theirs)).toBe('tiny/1.0.0')
    await history.activate(by(theirs, 'bob'), 'tiny/3.0.0')
    expect(await told(mine)).toEqual([['tiny/1.0.0 → tiny/2.0.0', 'ada', null]])
    expect(await told(theirs)).toEqual([['tiny/1.0.0 → tiny/3.0.0', 'bob', null]])
    expect(await history.all()).toEqual([
      { workspace: 'mine', pack: 'tiny/2.0.0' },
      { workspace: 'theirs', pack: 'tiny/3.0.0' },
    ])
  })

  it('that are in force already are not activated again', async () => {
    await history.activate(by(mine), 'tiny/2.0.0')
    expect(await history.activate(by(mine, 'bob'), 'tiny/2.0.0')).toBe('tiny/2.0.0')
    expect(await told(mine)).toHaveLength(1)
    await history.rollback(by(mine))
    expect(await inForce(mine)).toBe('tiny/1.0.0')
  })

  it('are rolled back one by one, in one of them, until there is none before', async () => {
    for (const version of ['2.0.0', '3.0.0']) await history.activate(by(mine), `tiny/${version}`)
    await history.activate(by(theirs), 'tiny/9.0.0')
    expect(await history.previous(mine)).toBe('tiny/2.0.0')
    expect(await history.rollback(by(mine, 'bob'))).toEqual({ from: 'tiny/3.0.0', to: 'tiny/2.0.0' })
    expect(await history.rollback(by(mine, 'eve'))).toEqual({ from: 'tiny/2.0.0', to: 'tiny/1.0.0' })
    await expect(history.rollback(by(mine))).rejects.toMatchObject({ code: 'PACK_NO_PREVIOUS' })
    expect(await told(mine)).toEqual([
      ['tiny/2.0.0 → tiny/3.0.0', 'ada', 'bob'],
      ['tiny/1.0.0 → tiny/2.0.0', 'ada', 'eve'],
    ])
    expect(await inForce(theirs)).toBe('tiny/9.0.0')
    expect((await told(theirs))[0]?.[2]).toBeNull()
  })

  it('that come into force at once each know the one before', async () => {
    const versions = Array.from({ length: 8 }, (_, index) => `tiny/${index + 2}.0.0`)
    const before = await Promise.all(versions.map((pack) => history.activate(by(mine), pack)))
    // Each was replaced by exactly one other, but the last.
    expect([...before, await inForce(mine)].sort()).toEqual(['tiny/1.0.0', ...versions].sort())
  })

  it('are shadowed in one of them, one at a time', async () => {
    await shadows.start(by(mine), 'tiny/2.0.0', 0.5)
    await shadows.start(by(mine), 'tiny/2.0.0', 0.25)
    expect(await shadows.latest(mine)).toMatchObject({ pack: 'tiny/2.0.0', share: 0.25, state: 'running' })
    await expect(shadows.start(by(mine), 'tiny/3.0.0', 1)).rejects.toMatchObject({ code: 'PACK_SHADOWED' })
    await expect(shadows.latest(theirs)).rejects.toMatchObject({ code: 'PACK_NOT_SHADOWED' })
    await expect(shadows.stop(theirs)).rejects.toMatchObject({ code: 'PACK_NOT_SHADOWED' })
    await expect(shadows.start(by(theirs), 'tiny/1.0.0', 1)).rejects.toMatchObject({ code: 'PACK_IN_FORCE' })
    await shadows.start(by(theirs), 'tiny/3.0.0', 1)
    expect(await shadows.stop(mine)).toMatchObject({ pack: 'tiny/2.0.0', state: 'stopped' })
    expect(await shadows.latest(theirs)).toMatchObject({ pack: 'tiny/3.0.0', state: 'running' })
    // What was shadowed before is no hindrance.
    await shadows.start(by(mine), 'tiny/3.0.0', 1)
    expect(await shadows.latest(mine)).toMatchObject({ pack: 'tiny/3.0.0', state: 'running' })
  })

  it('end their shadow when they come into force, and no other one', async () => {
    await shadows.start(by(mine), 'tiny/2.0.0', 1)
    await shadows.start(by(theirs), 'tiny/2.0.0', 1)
    await history.activate(by(mine), 'tiny/3.0.0')
    expect(await shadows.latest(mine)).toMatchObject({ state: 'running' })
    await history.activate(by(mine), 'tiny/2.0.0')
    expect(await shadows.latest(mine)).toMatchObject({ state: 'activated' })
    expect(await shadows.latest(theirs)).toMatchObject({ state: 'running' })
  })
})
