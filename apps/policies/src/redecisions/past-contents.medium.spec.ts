import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFilledDatabase, type FilledDatabase } from '@reeltag/testing'
import { readPast, type PastContent, type RunningRedecision } from './past-contents.js'

const contents = 20_000
const limit = 500

describe('past contents on a filled database', () => {
  let filled: FilledDatabase
  beforeAll(async () => void (filled = await openFilledDatabase(contents)))
  afterAll(() => filled.close())

  it('are read once each, by indexes, also on a late page', async () => {
    const { db, workspaceId } = filled
    const read = (cursor: string | null, postponed: string[] = []): Promise<PastContent[]> => {
      const order = { workspace_id: workspaceId, created_at: new Date(), cursor_id: cursor, postponed }
      const from = postponed.length === 0 ? 'cursor' : 'postponed'
      return db.transaction((tx) => readPast(tx, order as RunningRedecision, { from, limit, slackMs: 0 }), {
        durable: false,
      })
    }
    const seen = new Set<string>()
    let page: PastContent[] = await read(null)
    for (let last: string | undefined; page.length > 0; page = await read(last ?? null)) {
      for (const { id } of page) seen.add(id)
      last = page.at(-1)?.id
    }
    expect(seen.size).toBe(contents)
    const some = [...seen].slice(-3)
    expect((await read(null, some)).map(({ id }) => id)).toEqual(some)
    expect(db.scans).toEqual([])
  })
})
