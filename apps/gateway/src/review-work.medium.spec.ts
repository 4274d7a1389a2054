import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  ClaimedItems,
  ClaimsKept,
  ContentAccepted,
  ReviewQueues,
  ReviewTaskView,
  VerdictPage,
  VerdictView,
} from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { GatewayFixture } from './gateway.fixture.js'

const tags = [{ facet: 'subject', path: 'food', names: [], confidence: 0.5, status: 'candidate' }]
const versions = { ...{ pack: 'p/1', vision: 'v/1', text: 't/1' }, fusion: 'f/1', taxonomy: 'starter/2', sampling: 'x' }

describe('the work of reviewers over REST', () => {
  let gateway: GatewayFixture
  const keys = { li: '', wang: '', lead: '', reader: '', stranger: '' }
  beforeAll(async () => {
    gateway = await GatewayFixture.open({ REVIEW_GRACE_SECONDS: '600' })
    const reviewer = ['contents:write', 'review:read', 'review:write'] as const
    keys.li = await gateway.makeKey('mine', [...reviewer])
    keys.wang = await gateway.makeKey('mine', [...reviewer])
    keys.lead = await gateway.makeKey('mine', [...reviewer, 'review:lead'])
    keys.reader = await gateway.makeKey('mine', ['review:read'])
    keys.stranger = await gateway.makeKey('theirs', [...reviewer, 'review:lead'])
  })
  afterAll(() => gateway.close())

  const send = (key: string, route: string, body: object = {}, method = 'POST') =>
    gateway.fetch(`/v1/review/${route}`, {
      ...{ method, key, body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json' },
    })
  const problem = async (response: Promise<Response>) => gateway.problem(await response)
  const claimed = async (key: string, body: object = {}) =>
    ClaimedItems.parse(await (await send(key, 'claims', body)).json()).claims
  /** @returns the id of an item that waits */
  const add = async (title: string): Promise<string> => {
    const submission = { title, description: '<script>', author: { authorId: 'a', displayName: '<b>' } }
    const accepted = await gateway.submit([['content', JSON.stringify(submission)]], keys.li)
    const { id } = ContentAccepted.parse(await accepted.json())
    const [predictionId, itemId] = [newId(), newId()]
    await gateway.db.query(`UPDATE contents SET state = 'in_review', revision = 1 WHERE id = $1`, [id])
    await gateway.db.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash)
       SELECT $2, id, workspace_id, 1, 'review', '{text}', $3::jsonb, $4::jsonb, 'h' FROM contents WHERE id = $1`,
      [id, predictionId, JSON.stringify(tags), JSON.stringify(versions)],
    )
    await gateway.db.query(
      `INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags)
       SELECT $2, workspace_id, id, $3, 1, 'uncertain', 'open', $4::jsonb FROM contents WHERE id = $1`,
      [id, itemId, predictionId, JSON.stringify(tags)],
    )
    return itemId
  }
  const clear = () => gateway.db.query('DELETE FROM review_items')

  it('begins with a claim of items with all that is known of them', async () => {
    const itemId = await add('面条')
    const [claim] = await claimed(keys.li, { count: 5 })
    expect(claim).toMatchObject({
      token: 1,
      item: {
        ...{ id: itemId, state: 'open', title: '面条', language: 'zh', priority: 'interactive', queue: 'all' },
        text: { title: '面条', description: '<script>', ocr: null, asr: null, author: { id: 'a', name: '<b>' } },
        suggestion: [{ facet: 'subject', path: 'food' }],
        ...{ draft: null, notes: [], policy: null, taxonomy: 'starter/2', dueAt: null, durationMs: null },
      },
    })
    expect(claim?.item.holder?.leaseUntil).toBe(claim?.leaseUntil)
    expect(await claimed(keys.wang)).toEqual([])
    const seen = await gateway.fetch(`/v1/review/items/${itemId}`, { key: keys.reader })
    expect(ReviewTaskView.parse(await seen.json()).holder).toEqual(claim?.item.holder)
    await clear()
  })

  it('keeps claims by heartbeats, and gives them back', async () => {
    const itemId = await add('a')
    const [claim] = await claimed(keys.li)
    const claims = [{ itemId, token: claim?.token }]
    const beat = async (key: string) => ClaimsKept.parse(await (await send(key, 'claims/heartbeat', { claims })).json())
    expect(await beat(keys.li)).toMatchObject({ held: [{ itemId }], lost: [] })
    expect(await beat(keys.stranger)).toEqual({ held: [], lost: [{ itemId, because: 'deleted' }] })
    expect((await send(keys.li, 'claims/release', { claims })).status).toBe(204)
    expect(await beat(keys.li)).toEqual({ held: [], lost: [{ itemId, because: 'released' }] })
    expect(await claimed(keys.wang)).toHaveLength(1)
    await clear()
  })

  it('keeps what is typed until the verdict, and what is said for others', async () => {
    const itemId = await add('a')
    const [claim] = await claimed(keys.li)
    const draft = { note: '像面条 🍜', tags: [{ facet: 'subject', path: 'food' }] }
    const keep = (key: string, token = claim?.token) => send(key, `items/${itemId}/draft`, { token, draft }, 'PUT')
    expect((await keep(keys.li)).status).toBe(204)
    expect(await problem(keep(keys.li, 0))).toEqual([409, 'CLAIM_LOST'])
    expect(await problem(keep(keys.wang))).toEqual([409, 'CLAIM_LOST'])
    expect(await problem(keep(keys.stranger))).toEqual([404, 'NOT_FOUND'])
    expect((await send(keys.wang, `items/${itemId}/notes`, { text: 'شعرية' })).status).toBe(201)
    const [again] = await claimed(keys.li)
    expect(again?.item).toMatchObject({ draft, notes: [{ text: 'شعرية' }] })
    await clear()
  })

  it('ends with a verdict, which is answered alike when it is sent again', async () => {
    const itemId = await add('a')
    const [claim] = await claimed(keys.li)
    const verdict = { id: newId(), itemId, token: claim?.token, action: 'accept' }
    const [first, second] = [await send(keys.li, 'verdicts', verdict), await send(keys.li, 'verdicts', verdict)]
    expect([first.status, second.status]).toEqual([201, 200])
    const view = VerdictView.parse(await first.json())
    expect(await second.json()).toEqual(view)
    expect(view).toMatchObject({ state: 'waiting', tags: [{ facet: 'subject', path: 'food' }], revision: null })
    expect(await problem(send(keys.li, 'verdicts', { ...verdict, action: 'reject' }))).toEqual([409, 'VERDICT_DIFFERS'])
    const list = async (query: string, key = keys.reader) =>
      VerdictPage.parse(await (await gateway.fetch(`/v1/review/verdicts?${query}`, { key })).json()).items
    expect(await list(`itemId=${itemId}`)).toEqual([view])
    expect(await list(`who=${view.who}&limit=1`)).toEqual([view])
    expect(await list('', keys.stranger)).toEqual([])
    expect(await problem(send(keys.stranger, `verdicts/${view.id}/undo`))).toEqual([404, 'NOT_FOUND'])
    expect(await problem(send(keys.wang, `verdicts/${view.id}/undo`))).toEqual([403, 'SCOPE_MISSING'])
    const undone = await send(keys.lead, `verdicts/${view.id}/undo`)
    expect(VerdictView.parse(await undone.json())).toMatchObject({ state: 'undone' })
    await clear()
  })

  it('refuses what does not fit', async () => {
    const itemId = await add('a')
    const [claim] = await claimed(keys.li)
    const verdict = { id: newId(), itemId, token: claim?.token, action: 'correct' }
    const give = (more: object, key = keys.li) => problem(send(key, 'verdicts', { ...verdict, ...more }))
    const wrong = [
      {},
      { action: 'publish' },
      { action: 'skip', tags: [{ facet: 'subject', path: 'food' }] },
      { tags: [{ facet: 'subject', path: 'food', names: [] }] },
      { action: 'reject', reason: 'Wrong topic!' },
      { action: 'accept', evidence: [{ startMs: 2, endMs: 1 }] },
      { action: 'accept', id: 'mine' },
    ]
    for (const more of wrong) expect(await give(more)).toEqual([400, 'BODY_INVALID'])
    expect(await give({ tags: [{ facet: 'subject', path: 'nonsense' }] })).toEqual([422, 'VERDICT_TAGS_INVALID'])
    expect(await give({ action: 'accept' }, keys.stranger)).toEqual([404, 'NOT_FOUND'])
    expect(await give({ action: 'accept' }, keys.reader)).toEqual([403, 'SCOPE_MISSING'])
    await gateway.db.query(
      `UPDATE contents SET revision = 2 WHERE id = (SELECT content_id FROM review_items WHERE id = $1)`,
      [itemId],
    )
    expect(await give({ action: 'accept' })).toEqual([409, 'ITEM_SUPERSEDED'])
    for (const route of ['items/x', `items/${newId()}`])
      expect(await problem(gateway.fetch(`/v1/review/${route}`, { key: keys.reader }))).toEqual([404, 'NOT_FOUND'])
    expect(await problem(gateway.fetch(`/v1/review/items/${itemId}`, { key: keys.stranger }))).toEqual([
      404,
      'NOT_FOUND',
    ])
    await clear()
  })

  it('is in queues, which leads set up, pause and remove', async () => {
    const itemId = await add('a')
    const queue = { title: { zh: '美食', en: 'Food' }, rule: { facet: 'subject', under: 'food' } }
    expect(await problem(send(keys.li, 'queues/food', queue, 'PUT'))).toEqual([403, 'SCOPE_MISSING'])
    expect(await problem(send(keys.lead, 'queues/Food', queue, 'PUT'))).toEqual([400, 'BODY_INVALID'])
    const { queues } = ReviewQueues.parse(await (await send(keys.lead, 'queues/food', queue, 'PUT')).json())
    expect(queues.map(({ name, open }) => [name, open])).toEqual([
      ['all', 1],
      ['escalated', 0],
      ['food', 1],
    ])
    expect(await problem(send(keys.li, 'claims', { queue: 'escalated' }))).toEqual([403, 'SCOPE_MISSING'])
    expect(await problem(send(keys.stranger, 'claims', { queue: 'food' }))).toEqual([404, 'NOT_FOUND'])
    await send(keys.lead, 'queues/food', { ...queue, paused: true }, 'PUT')
    expect([await claimed(keys.li, { queue: 'food' }), await claimed(keys.li)]).toEqual([[], []])
    const removed = await gateway.fetch('/v1/review/queues/food', { method: 'DELETE', key: keys.lead })
    expect(removed.status).toBe(204)
    expect((await claimed(keys.li)).map(({ item }) => item.id)).toEqual([itemId])
    await clear()
  })
})
