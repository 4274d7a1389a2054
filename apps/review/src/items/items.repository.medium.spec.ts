import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId } from '@reeltag/platform'
import { createTestDatabase, ExplainingDatabase, fillContents, type TestDatabase } from '@reeltag/testing'
import { ItemsRepository } from './items.repository.js'

const contents = 20_000
const workspaceId = newId()

describe('plans of what reviewers ask for on a filled database', () => {
  let server: TestDatabase
  let db: ExplainingDatabase
  beforeAll(async () => {
    server = await createTestDatabase()
    const filler = new Database(server.url, { poolMax: 2 })
    await filler.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'full', 'starter/2.0.0')`, [workspaceId])
    const range = { workspaceId, from: 0, to: contents, total: contents }
    await filler.transaction((tx) => fillContents(tx, range), { durable: false })
    await filler.query('VACUUM (ANALYZE)')
    await filler.close()
    db = new ExplainingDatabase(server.url, { poolMax: 4 })
  }, 120_000)
  afterAll(async () => {
    await db.close()
    await server.drop()
  })

  it('lists items by indexes, also on a late page and in a rare state', async () => {
    const items = new ItemsRepository(db)
    const first = await items.list(workspaceId, 'open', 20, undefined)
    expect(first).toHaveLength(21)
    const { createdAt = '', id = '' } = first.at(-1) ?? {}
    const cursor = { createdAt, id }
    await items.list(workspaceId, 'open', 20, cursor)
    await items.list(workspaceId, 'superseded', 20, cursor)
    expect(db.scans).toEqual([])
    expect(db.explained).toBeGreaterThan(1)
  })
})
