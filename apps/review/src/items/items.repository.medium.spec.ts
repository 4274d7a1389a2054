import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFilledDatabase, type ExplainingDatabase, type FilledDatabase } from '@reeltag/testing'
import { ClaimsRepository } from '../claims/claims.repository.js'
import { ItemsRepository } from './items.repository.js'

const contents = 20_000

describe('plans of what reviewers ask for on a filled database', () => {
  let filled: FilledDatabase
  let db: ExplainingDatabase
  let workspaceId: string
  beforeAll(async () => {
    filled = await openFilledDatabase(contents)
    ;({ db, workspaceId } = filled)
  })
  afterAll(async () => {
    await filled.close()
  })

  it('lists items by indexes, also on a late page and in a rare state', async () => {
    const items = new ItemsRepository(db)
    const open = { state: 'open', limit: 20 } as const
    const first = await items.list(workspaceId, { ...open, order: { by: 'newest' } })
    expect(first).toHaveLength(21)
    const { createdAt = '', id = '' } = first.at(-1) ?? {}
    const after = { createdAt, id }
    await items.list(workspaceId, { ...open, order: { by: 'newest', after } })
    await items.list(workspaceId, { ...open, state: 'superseded', order: { by: 'newest', after } })
    const byRank = await items.list(workspaceId, { ...open, order: { by: 'rank' } })
    const { rank = 0, id: last = '' } = byRank.at(-1) ?? {}
    await items.list(workspaceId, { ...open, order: { by: 'rank', after: { rank, id: last } } })
    expect(db.scans).toEqual([])
    expect(db.explained).toBeGreaterThan(1)
  })

  it('hands out items by an index, in every queue', async () => {
    const claims = new ClaimsRepository(db, 60)
    const explained = db.explained
    const held = await claims.claim({ workspaceId, actor: 'li' }, ['all', 'none'], 3)
    await claims.renew({ workspaceId, actor: 'li' }, held)
    await claims.release({ workspaceId, actor: 'li' }, held)
    expect(held).toHaveLength(3)
    // Nobody has said anything yet: reading all of no verdicts is the fastest.
    expect(db.scans.filter(({ table }) => table !== 'review_verdicts')).toEqual([])
    expect(db.explained).toBeGreaterThan(explained)
  })
})
