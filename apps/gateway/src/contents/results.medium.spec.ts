import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted, ContentHistory, ContentPage } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { GatewayFixture } from '../gateway.fixture.js'

type Status = 'published' | 'candidate'

describe('results of contents', () => {
  let gateway: GatewayFixture
  const ids: Record<string, string> = {}
  const submit = async (title: string, key?: string): Promise<string> =>
    ContentAccepted.parse(await (await gateway.submit([['content', JSON.stringify({ title })]], key)).json()).id
  const predict = async (contentId: string, revision: number, tags: [string, Status][], attempt: number | null = 1) => {
    await gateway.db.query(
      `WITH c AS (UPDATE contents SET revision = greatest(revision, $2), state = 'published' WHERE id = $1 RETURNING *)
       INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
       SELECT gen_random_uuid(), id, workspace_id, $2, 'published', '{text}', $3::jsonb, $4::jsonb, '', $5 FROM c`,
      [
        contentId,
        revision,
        JSON.stringify(tags.map(([path, status]) => ({ facet: 'subject', path, names: [], confidence: 1, status }))),
        JSON.stringify({ pack: `p/${revision}`, vision: '', text: '', fusion: '', taxonomy: '', sampling: '' }),
        attempt,
      ],
    )
  }
  const page = async (query: Record<string, string>, key = gateway.keys.all): Promise<ContentPage> =>
    ContentPage.parse(await (await gateway.fetch(`/v1/contents?${new URLSearchParams(query)}`, { key })).json())
  const named = async (query: Record<string, string>): Promise<string[]> =>
    (await page(query)).items.map(({ title }) => title ?? '').sort()

  beforeAll(async () => {
    gateway = await GatewayFixture.open()
    for (const title of ['cat', 'dog', 'was a cat', '猫咪 100%_\\ Film', 'undecided']) ids[title] = await submit(title)
    await predict(ids['cat']!, 1, [['animal/cat', 'published']])
    await predict(ids['dog']!, 1, [
      ['animal/dog', 'published'],
      ['animal/cat', 'candidate'],
    ])
    await predict(ids['was a cat']!, 1, [['animal/cat', 'published']])
    await predict(ids['was a cat']!, 2, [['animal', 'published']], null)
    const theirs = await submit('their cat', gateway.keys.stranger)
    await predict(theirs, 1, [['animal/cat', 'published']])
  })
  afterAll(() => gateway.close())

  it('are found by a node at which they are published, or above, as they are now and not as they were', async () => {
    expect(await named({ node: 'subject:animal/cat' })).toEqual(['cat'])
    expect(await named({ node: 'subject:animal' })).toEqual(['cat', 'dog', 'was a cat'])
    expect(await named({ node: 'style:animal' })).toEqual([])
    expect(await named({ node: 'subject:anim' })).toEqual([])
    for (const node of [
      'animal',
      'subject:',
      ':animal',
      'subject:a//b',
      'subject:/a',
      `s:${'a'.repeat(600)}`,
      's:\u0000',
    ])
      expect([
        node,
        await gateway.problem(await gateway.fetch(`/v1/contents?${new URLSearchParams({ node })}`)),
      ]).toEqual([node, [400, 'QUERY_INVALID']])
  })

  it('are found by the time of their submission', async () => {
    await gateway.db.query(`UPDATE contents SET created_at = '2026-01-02T00:00:00Z' WHERE id = $1`, [ids['cat']])
    const day = (number: number) => `2026-01-0${number}T00:00:00Z`
    expect(await named({ from: day(2), to: day(3) })).toEqual(['cat'])
    expect(await named({ from: day(1), to: day(2) })).toEqual([])
    expect(await named({ to: '2026-01-02T08:00:01+08:00' })).toEqual(['cat'])
    expect(await named({ from: day(3), node: 'subject:animal' })).toEqual(['dog', 'was a cat'])
    expect(await gateway.problem(await gateway.fetch('/v1/contents?from=yesterday'))).toEqual([400, 'QUERY_INVALID'])
  })

  it('are found by text in their title, whatever its case, and text is no pattern', async () => {
    expect(await named({ q: '猫' })).toEqual(['猫咪 100%_\\ Film'])
    expect(await named({ q: 'fILM' })).toEqual(['猫咪 100%_\\ Film'])
    expect(await named({ q: '100%_\\' })).toEqual(['猫咪 100%_\\ Film'])
    expect(await named({ q: '%' })).toEqual(['猫咪 100%_\\ Film'])
    expect(await named({ q: 'cat' })).toEqual(['cat', 'was a cat'])
    expect(await named({ q: 'their' })).toEqual([])
  })

  it('are searched page by page, also where a page finds nothing', async () => {
    const key = await gateway.makeKey('searched', ['contents:read', 'contents:write'])
    const wanted = await submit('far away', key)
    await gateway.db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, created_at)
       SELECT gen_random_uuid(), workspace_id, 'failed', 'x', '{"title": "other"}', '{text}', '', now() + n * interval '1 ms'
       FROM contents, generate_series(1, 5500) AS n WHERE id = $1`,
      [wanted],
    )
    const first = await page({ q: 'far' }, key)
    expect([first.items.length, first.nextCursor]).toEqual([0, expect.any(String)])
    const second = await page({ q: 'far', cursor: first.nextCursor ?? '' }, key)
    expect([second.items.map(({ id }) => id), second.nextCursor]).toEqual([[wanted], null])
  })

  it('have a history: who or what decided, with which versions, and why a person looked', async () => {
    const id = ids['was a cat'] ?? ''
    const because = [{ rule: 'novelty', value: 4.5, limit: 4 }]
    const sql = `UPDATE predictions SET because = $2 WHERE content_id = $1 AND revision = 1`
    await gateway.db.query(sql, [id, JSON.stringify(because)])
    await gateway.db.query(
      `WITH p AS (SELECT * FROM predictions WHERE content_id = $1 AND revision = 1)
       INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags)
       SELECT $2, workspace_id, content_id, id, 1, 'uncertain', 'superseded', tags FROM p`,
      [id, newId()],
    )
    const history = async (content: string, key = gateway.keys.all) =>
      gateway.fetch(`/v1/contents/${content}/history`, { key })
    const { items } = ContentHistory.parse(await (await history(id)).json())
    expect(
      items.map(({ revision, versions: { pack }, decidedBy, review }) => [revision, pack, decidedBy, review?.reason]),
    ).toEqual([
      [2, 'p/2', 'redecision', undefined],
      [1, 'p/1', 'model', 'uncertain'],
    ])
    expect(items.map((item) => item.because)).toEqual([null, because])
    expect(ContentHistory.parse(await (await history(ids['undecided'] ?? '')).json())).toEqual({ items: [] })
    for (const [content, key] of [
      [id, gateway.keys.stranger],
      [newId(), gateway.keys.all],
      ['x', gateway.keys.all],
    ] as const)
      expect(await gateway.problem(await history(content, key))).toEqual([404, 'NOT_FOUND'])
  })
})
