import { until } from '@reeltag/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted, ContentPage, ContentView, ReviewPage } from '@reeltag/contracts'
import { createHash } from 'node:crypto'
import { GatewayFixture } from '../gateway.fixture.js'

describe('submissions', () => {
  let gateway: GatewayFixture
  beforeAll(async () => {
    gateway = await GatewayFixture.open()
  })
  afterAll(() => gateway.close())

  const bytes = new TextEncoder().encode('not really a video, but nobody decodes it here')
  const accept = async (parts: Parameters<GatewayFixture['submit']>[0], key?: string) => {
    const response = await gateway.submit(parts, key)
    expect(response.status).toBe(202)
    return { response, ...ContentAccepted.parse(await response.json()) }
  }

  it('are accepted with their parts in either order, hashed, and found under Location', async () => {
    type Part = Parameters<GatewayFixture['submit']>[0][number]
    const content: Part = ['content', '{"title":"猫","author":{"authorId":"a1","followers":3}}']
    const file: Part = ['file', bytes, '../../etc/passwd.mp4']
    for (const parts of [
      [content, file],
      [file, content],
    ]) {
      const { response, id } = await accept(parts)
      expect(response.headers.get('location')).toBe(`/v1/contents/${id}`)
      const view = ContentView.parse(await (await gateway.fetch(`/v1/contents/${id}`)).json())
      expect(view.video).toMatchObject({
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      })
      expect(view).toMatchObject({
        state: 'processing',
        title: '猫',
        author: { authorId: 'a1', followers: 3 },
        result: null,
      })
      expect(view.stages.map(({ stage }) => stage).sort()).toEqual(['embed-text', 'sample-frames'])
    }
    const blobs = await gateway.db.query(`SELECT 1 FROM blobs WHERE sha256 = $1`, [
      createHash('sha256').update(bytes).digest('hex'),
    ])
    expect(blobs).toHaveLength(1)
  })

  it('may be a video alone or a text alone', async () => {
    expect((await accept([['file', bytes, 'a.mp4']])).state).toBe('processing')
    expect((await accept([['content', '{"asrText":"大家好"}']])).state).toBe('processing')
  })

  it('are one content for one externalId, also when twenty arrive at once', async () => {
    const parts: Parameters<GatewayFixture['submit']>[0] = [
      ['content', '{"title":"x","externalId":"e-1"}'],
      ['file', bytes, 'a.mp4'],
    ]
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await accept(parts)).id))
    expect(new Set(ids).size).toBe(1)
    const other = await gateway.submit([['content', '{"title":"other","externalId":"e-1"}']])
    expect(await gateway.problem(other)).toEqual([409, 'EXTERNAL_ID_TAKEN'])
    for (const field of ['"author":{"authorId":"a2"}', '"language":"en"', '"priority":"backfill"']) {
      const differs = await gateway.submit([
        ['content', `{"title":"x","externalId":"e-1",${field}}`],
        ['file', bytes, 'a.mp4'],
      ])
      expect(await gateway.problem(differs)).toEqual([409, 'EXTERNAL_ID_TAKEN'])
    }
    const sameText = parts.slice(0, 1)
    const anotherVideo: typeof parts = [...sameText, ['file', new Uint8Array(50).fill(7), 'a.mp4']]
    for (const differs of [sameText, anotherVideo])
      expect(await gateway.problem(await gateway.submit(differs))).toEqual([409, 'EXTERNAL_ID_TAKEN'])
    const inFull: typeof parts = [
      ['content', '{"priority":"interactive","externalId":"e-1","title":"x"}'],
      ['file', bytes, 'renamed.mp4'],
    ]
    expect((await accept(inFull)).id).toBe(ids[0])
    expect((await accept([['content', '{"title":"other","externalId":"e-1"}']], gateway.keys.stranger)).id).not.toBe(
      ids[0],
    )
  })

  it('of another workspace do not exist', async () => {
    const { id } = await accept([['content', '{"title":"mine"}']])
    for (const [route, method] of [
      ['', 'GET'],
      ['/retag', 'POST'],
      ['/filmstrip', 'GET'],
    ]) {
      const response = await gateway.fetch(`/v1/contents/${id}${route}`, {
        method: method ?? 'GET',
        key: gateway.keys.stranger,
      })
      expect(await gateway.problem(response)).toEqual([404, 'NOT_FOUND'])
    }
    expect(await gateway.problem(await gateway.fetch(`/v1/contents/${id}/retag`, { method: 'POST' }))).toEqual([
      409,
      'CONTENT_BUSY',
    ])
  })

  it('are listed page by page, each once, while others arrive', async () => {
    const key = await gateway.makeKey('paging', ['contents:read', 'contents:write'])
    const before = new Set<string>()
    for (let index = 0; index < 25; index++) before.add((await accept([['content', `{"title":"${index}"}`]], key)).id)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`
      const page: ContentPage = ContentPage.parse(
        await (await gateway.fetch(`/v1/contents?limit=10${query}`, { key })).json(),
      )
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
      await accept([['content', '{"title":"late"}']], key)
    } while (cursor !== null)
    expect(seen).toHaveLength(25)
    expect(new Set(seen)).toEqual(before)
    for (const bad of ['cursor=nonsense', `cursor=${Buffer.from('["x","y"]').toString('base64url')}`]) {
      expect(await gateway.problem(await gateway.fetch(`/v1/contents?${bad}`, { key }))).toEqual([
        400,
        'CURSOR_INVALID',
      ])
    }
    expect(await gateway.problem(await gateway.fetch('/v1/contents?limit=1000', { key }))).toEqual([
      400,
      'QUERY_INVALID',
    ])
    expect(await gateway.problem(await gateway.fetch('/v1/contents?nonsense=1', { key }))).toEqual([
      400,
      'QUERY_INVALID',
    ])
  })

  it('are listed by state, by externalId, and only to their workspace, also those of one moment', async () => {
    const scopes = ['contents:read', 'contents:write'] as const
    const [mine, theirs] = [await gateway.makeKey('states', [...scopes]), await gateway.makeKey('others', [...scopes])]
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      ids.push((await accept([['content', `{"title":"x","externalId":"${name}"}`]], mine)).id)
    const other = (await accept([['content', '{"title":"x","externalId":"a"}']], theirs)).id
    await gateway.db.query(`UPDATE contents SET created_at = '2026-01-01' WHERE id = ANY($1::uuid[])`, [ids])
    await gateway.db.query(`UPDATE contents SET state = 'failed', error_code = 'MEDIA_EMPTY' WHERE id = $1`, [ids[1]])
    await gateway.db.query(`UPDATE contents SET state = 'in_review' WHERE id = $1`, [ids[3]])
    const page = async (query: string, key = mine) =>
      ContentPage.parse(await (await gateway.fetch(`/v1/contents?${query}`, { key })).json())
    const idsOf = async (query: string, key = mine) => (await page(query, key)).items.map(({ id }) => id)
    expect(await idsOf('state=failed')).toEqual([ids[1]])
    expect(await idsOf('state=in_review')).toEqual([ids[3]])
    expect(await idsOf('state=published')).toEqual([])
    expect(await idsOf('state=processing')).toEqual([ids[0], ids[2], ids[4]].sort().reverse())
    expect(await idsOf('externalId=c')).toEqual([ids[2]])
    expect(await idsOf('externalId=a', theirs)).toEqual([other])
    expect(await idsOf('')).toEqual([...ids].sort().reverse())
    const first = await page('limit=2')
    const second = await page(`limit=2&cursor=${first.nextCursor ?? ''}`)
    const third = await page(`limit=2&cursor=${second.nextCursor ?? ''}`)
    const paged = [first, second, third].map(({ items }) => items.map(({ id }) => id))
    expect(paged.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(paged.flat()).toEqual([...ids].sort().reverse())
    expect(third.nextCursor).toBeNull()
  })

  it('show the newest of their results, and only their own', async () => {
    const [{ id }, other] = [await accept([['content', '{"title":"x"}']]), await accept([['content', '{"title":"y"}']])]
    const predict = (contentId: string, revision: number, path: string) =>
      gateway.db.query(
        `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
         SELECT gen_random_uuid(), id, workspace_id, $2, 'published', '{text}', $3::jsonb, $4::jsonb, '', $2
         FROM contents WHERE id = $1`,
        [
          contentId,
          revision,
          JSON.stringify([{ facet: 'subject', path, names: [], confidence: 1, status: 'published' }]),
          JSON.stringify({ pack: 'p/1', vision: '', text: '', fusion: '', taxonomy: '', sampling: '' }),
        ],
      )
    for (const [revision, path] of [
      [2, 'newer'],
      [1, 'older'],
    ] as const)
      await predict(id, revision, path)
    await predict(other.id, 3, 'others')
    const shown = [
      ContentView.parse(await (await gateway.fetch(`/v1/contents/${id}`)).json()),
      ContentPage.parse(await (await gateway.fetch('/v1/contents')).json()).items.find((item) => item.id === id),
    ]
    for (const content of shown)
      expect([content?.result?.revision, content?.result?.tags.map(({ path }) => path)]).toEqual([2, ['newer']])
  })

  it('stand in a documented API: the taxonomy, the queue, health, metrics and a sound OpenAPI document', async () => {
    const taxonomy = (await (await gateway.fetch('/v1/taxonomy')).json()) as {
      facets: { nodes: { leaf: boolean }[] }[]
    }
    expect(taxonomy.facets[0]?.nodes.filter(({ leaf }) => leaf).length).toBeGreaterThanOrEqual(100)
    expect(ReviewPage.parse(await (await gateway.fetch('/v1/review/items')).json())).toEqual({
      items: [],
      nextCursor: null,
    })
    expect((await gateway.fetch('/health/live', { key: null })).status).toBe(200)
    expect((await gateway.fetch('/health/ready', { key: null })).status).toBe(503)
    gateway.becomeReady()
    const ready = async () => (await gateway.fetch('/health/ready', { key: null })).status === 200
    await until('it is ready', 30, ready)
    expect(await (await gateway.fetch('/metrics', { key: null })).text()).toContain('reeltag_outbox_unpublished')
    const document = (await (await gateway.fetch('/docs-json', { key: null })).json()) as {
      paths: Record<string, Record<string, { responses: object }>>
    }
    for (const [route, operations] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(operations))
        expect([method, route, Object.keys(responses)]).toEqual([
          method,
          route,
          expect.arrayContaining([expect.stringMatching(/^[23]/)]),
        ])
    }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/contents', '/v1/contents/{id}', '/v1/taxonomy', '/v1/review/items']),
    )
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference
        ?.split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document)
      expect([reference, found]).toEqual([reference, expect.anything()])
    }
    expect((await gateway.fetch('/docs', { key: null })).status).toBe(200)
  })
})
