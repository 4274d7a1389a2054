import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFilledDatabase, type ExplainingDatabase, type FilledDatabase } from '@reeltag/testing'
import { ItemsRepository } from './items.repository.js'

const contents = 20_000

describe('plans of what reviewers ask for on a filled database', () => {
  let filled: FilledDatabase
  let db: ExplainingDatabase
  let workspaceId: string
  beforeAll(async () => {
    filled = await openFilledDatabase(contents)
    ;({ db, workspaceId } = filled)
  }, 180_000)
  afterAll(async () => {
    await filled.close()
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
