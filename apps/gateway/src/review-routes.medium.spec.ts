import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted, ReviewPage, type ReviewItemView } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { GatewayFixture } from './gateway.fixture.js'

const tags = [{ facet: 'subject', path: 'food', names: [], confidence: 0.5, status: 'candidate' }]

describe('review items over REST', () => {
  let gateway: GatewayFixture
  const keys = { mine: '', theirs: '' }
  beforeAll(async () => {
    gateway = await GatewayFixture.open()
    keys.mine = await gateway.makeKey('mine', ['review:read', 'contents:write'])
    keys.theirs = await gateway.makeKey('theirs', ['review:read', 'contents:write'])
  })
  afterAll(() => gateway.close())

  /** A content whose results went to review, oldest first, the last one open; several may fall into one millisecond. */
  const aContent = async (title: string, key: string, revisions: readonly string[]): Promise<string> => {
    const accepted = await gateway.submit([['content', JSON.stringify({ title })]], key)
    const { id } = ContentAccepted.parse(await accepted.json())
    for (const [index, at] of revisions.entries())
      await gateway.db.query(
        `INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags, created_at)
         SELECT $1, workspace_id, id, $3, $4, 'uncertain', $5, $6::jsonb, $7::timestamptz FROM contents WHERE id = $2`,
        [
          newId(),
          id,
          newId(),
          index + 1,
          index === revisions.length - 1 ? 'open' : 'superseded',
          JSON.stringify(tags),
          at,
        ],
      )
    return id
  }
  const page = async (query = '', key = keys.mine): Promise<ReviewPage> =>
    ReviewPage.parse(await (await gateway.fetch(`/v1/review/items${query}`, { key })).json())
  const all = async (query: string): Promise<ReviewItemView[][]> => {
    const pages = [await page(`?${query}`)]
    for (let cursor = pages[0]?.nextCursor; cursor != null; cursor = pages.at(-1)?.nextCursor)
      pages.push(await page(`?${query}&cursor=${cursor}`))
    return pages.map(({ items }) => items)
  }

  it('come page by page, each once, newest first, also those of one moment', async () => {
    const moments = Array.from({ length: 7 }, (_, index) => `2026-01-01T00:00:0${Math.floor(index / 3)}.000Z`)
    const ids: string[] = []
    for (const [index, moment] of moments.entries()) ids.push(await aContent(`${index}`, keys.mine, [moment]))
    const pages = await all('limit=2')
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 1])
    const items = pages.flat()
    expect(items.map(({ contentId }) => contentId).sort()).toEqual([...ids].sort())
    const places = items.map(({ createdAt, id }) => `${createdAt} ${id}`)
    expect(places).toEqual([...places].sort().reverse())
    expect(items.at(-1)).toMatchObject({ state: 'open', reason: 'uncertain', revision: 1, tags })
    // A last page that is full says so.
    expect((await page('?limit=7')).nextCursor).toBeNull()
    await gateway.db.query('DELETE FROM review_items')
  })

  it('are the open ones, or those that a newer result has superseded', async () => {
    const id = await aContent('小猫', keys.mine, ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'])
    const seen = async (query: string) =>
      (await page(query)).items.map(({ contentId, revision, state, title }) => [contentId, revision, state, title])
    expect(await seen('')).toEqual([[id, 2, 'open', '小猫']])
    expect(await seen('?state=open')).toEqual([[id, 2, 'open', '小猫']])
    expect(await seen('?state=superseded')).toEqual([[id, 1, 'superseded', '小猫']])
    expect(await gateway.problem(await gateway.fetch('/v1/review/items?state=done', { key: keys.mine }))).toEqual([
      400,
      'QUERY_INVALID',
    ])
    await gateway.db.query('DELETE FROM review_items')
  })

  it('are routed by a capacity that an administrator says, of their own workspace', async () => {
    const lead = await gateway.makeKey('mine', ['admin'])
    const body = JSON.stringify({ reviewers: 2, slaMinutes: 60 })
    const put = (key: string, said: string) =>
      gateway.fetch('/v1/review/capacity', {
        method: 'PUT',
        key,
        body: said,
        headers: { 'content-type': 'application/json' },
      })
    expect(await gateway.problem(await put(keys.mine, body))).toEqual([403, 'SCOPE_MISSING'])
    for (const wrong of ['{}', '{"reviewers": 2, "slaMinutes": 0}', '{"reviewers": "2", "slaMinutes": 60}'])
      expect(await gateway.problem(await put(lead, wrong))).toEqual([400, 'BODY_INVALID'])
    expect(await (await put(lead, body)).json()).toMatchObject({ reviewers: 2, slaMinutes: 60, minutesPerItem: 0.5 })
    expect((await gateway.fetch('/v1/review/capacity', { key: keys.mine })).status).toBe(200)
    for (const route of ['capacity', 'routing'])
      expect(await gateway.problem(await gateway.fetch(`/v1/review/${route}`, { key: keys.theirs }))).toEqual([
        404,
        'NOT_FOUND',
      ])
  })

  it('come by rank: rules first, and nothing that the machine decides unless it is asked for', async () => {
    const [first, second, third] = [
      await aContent('a', keys.mine, ['2026-01-02T00:00:00Z']),
      await aContent('b', keys.mine, ['2026-01-02T00:00:01Z']),
      await aContent('c', keys.mine, ['2026-01-02T00:00:02Z']),
    ]
    await gateway.db.query(
      `UPDATE review_items SET rank = CASE content_id WHEN $1 THEN 20000000000001 WHEN $2 THEN 1 ELSE 30000000000005 END,
         route = CASE content_id WHEN $3 THEN 'decide' ELSE 'review' END`,
      [first, second, third],
    )
    const pages = await all('order=rank&limit=1')
    expect(pages.map((items) => items.map(({ contentId }) => contentId))).toEqual([[second], [first]])
    expect((await page('?order=rank&route=decide')).items.map(({ contentId }) => contentId)).toEqual([third])
    expect((await page()).items.map(({ contentId }) => contentId)).toEqual([third, second, first])
    expect((await page('?order=rank', keys.theirs)).items).toEqual([])
    await gateway.db.query('DELETE FROM review_items')
  })

  it('are seen by their own workspace only', async () => {
    const [mine, theirs] = [
      await aContent('mine', keys.mine, ['2026-01-02T00:00:00Z']),
      await aContent('theirs', keys.theirs, ['2026-01-02T00:00:00Z']),
    ]
    const ids = async (key: string) => (await page('', key)).items.map(({ contentId }) => contentId)
    expect(await ids(keys.mine)).toEqual([mine])
    expect(await ids(keys.theirs)).toEqual([theirs])
  })
})
