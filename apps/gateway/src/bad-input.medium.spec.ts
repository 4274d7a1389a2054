import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { bytesMax, GatewayFixture } from './gateway.fixture.js'

const video = (size = 100): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(7)
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

describe('what is sent wrongly', () => {
  let gateway: GatewayFixture
  beforeAll(async () => {
    gateway = await GatewayFixture.open()
  })
  afterAll(() => gateway.close())

  afterEach(async () => {
    // Refusals may take a moment to let go of what they were writing.
    for (let tries = 0; gateway.uploadsLeft.length > 0 && tries < 20; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(gateway.uploadsLeft).toEqual([])
  })

  type Parts = Parameters<GatewayFixture['submit']>[0]
  const multipart: [string, Parts, number, string][] = [
    ['a file without bytes', [['file', video(0), 'a.mp4']], 422, 'MEDIA_EMPTY'],
    ['neither video nor text', [['content', '{}']], 400, 'CONTENT_EMPTY'],
    ['blank text alone', [['content', '{"title":"   "}']], 400, 'CONTENT_EMPTY'],
    [
      'bad JSON',
      [
        ['content', '{'],
        ['file', video(), 'a.mp4'],
      ],
      400,
      'BODY_NOT_JSON',
    ],
    ['an array', [['content', '[]']], 400, 'BODY_INVALID'],
    ['unknown fields', [['content', '{"title":"x","titel":"y"}']], 400, 'BODY_INVALID'],
    ['a wrong type', [['content', '{"title":5}']], 400, 'BODY_INVALID'],
    ['a field twice', [['content', '{"title":"x","t\\u0069tle":"y"}']], 400, 'BODY_INVALID'],
    [
      'a field of an object twice',
      [['content', '{"author":{"authorId":"a","authorId":"b"},"title":"x"}']],
      400,
      'BODY_INVALID',
    ],
    [
      'author signals with an unknown field',
      [['content', '{"title":"x","author":{"authorId":"a","likes":3}}']],
      400,
      'BODY_INVALID',
    ],
    ['U+0000', [['content', '{"title":"a\\u0000b"}']], 400, 'BODY_INVALID'],
    ['a lone surrogate', [['content', '{"title":"\\ud800"}']], 400, 'BODY_INVALID'],
    [
      'invalid UTF-8',
      [['content', new Uint8Array([...utf8('{"title":"'), 0xff, 0xfe, ...utf8('"}')])]],
      400,
      'TEXT_NOT_UTF8',
    ],
    ['text that is too long', [['content', JSON.stringify({ title: 'x'.repeat(100_000) })]], 413, 'BODY_TOO_LARGE'],
    [
      'a file over the limit',
      [
        ['content', '{}'],
        ['file', video(bytesMax + 1), 'a.mp4'],
      ],
      413,
      'UPLOAD_TOO_LARGE',
    ],
    [
      'an unknown part',
      [
        ['content', '{"title":"x"}'],
        ['extra', 'x'],
      ],
      400,
      'MULTIPART_INVALID',
    ],
    [
      'two contents',
      [
        ['content', '{"title":"x"}'],
        ['content', '{"title":"y"}'],
      ],
      400,
      'MULTIPART_INVALID',
    ],
    [
      'two files',
      [
        ['file', video(), 'a.mp4'],
        ['file', video(), 'b.mp4'],
      ],
      400,
      'MULTIPART_INVALID',
    ],
  ]
  it.each(multipart)('refuses %s', async (_, parts, status, code) => {
    expect(await gateway.problem(await gateway.submit(parts))).toEqual([status, code])
  })

  it('cuts 40 MB of title off without holding them', async () => {
    const before = gateway.residentBytes
    const parts: Parts = [['content', JSON.stringify({ title: 'x'.repeat(40 * 2 ** 20) })]]
    expect(await gateway.problem(await gateway.submit(parts))).toEqual([413, 'BODY_TOO_LARGE'])
    const response = await gateway.fetch('/v1/contents', {
      method: 'POST',
      body: `{"title":"${'x'.repeat(2 ** 20)}"}`,
      headers: { 'content-type': 'application/json' },
    })
    expect(await gateway.problem(response)).toEqual([413, 'BODY_TOO_LARGE'])
    expect(gateway.residentBytes - before).toBeLessThan(200 * 2 ** 20)
  })

  it.each([
    ['application/json', '{"title":"\ud83d"}', 202, ''],
    ['application/json', '', 400, 'BODY_NOT_JSON'],
    ['text/plain', 'hello', 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['application/x-www-form-urlencoded', 'title=x', 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['multipart/form-data', 'no boundary', 400, 'MULTIPART_INVALID'],
  ])('takes %s for what it is', async (type, body, status, code) => {
    const response = await gateway.fetch('/v1/contents', { method: 'POST', body, headers: { 'content-type': type } })
    if (status === 202) expect(response.status).toBe(202)
    else expect(await gateway.problem(response)).toEqual([status, code])
  })

  it('says of a part without a name that it has none', async () => {
    const body = '--B\r\ncontent-disposition: form-data\r\n\r\n{}\r\n--B--\r\n'
    const headers = { 'content-type': 'multipart/form-data; boundary=B' }
    const response = await gateway.fetch('/v1/contents', { method: 'POST', body, headers })
    expect(await response.json()).toMatchObject({ code: 'MULTIPART_INVALID', detail: 'unexpected part without a name' })
  })

  it('tells a full disk under Postgres from a defect, for reads of keys and for submissions', async () => {
    const full = `CREATE FUNCTION full_disk() RETURNS boolean LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`
    await gateway.db.query(full)
    await gateway.db.query(`ALTER TABLE contents ADD CONSTRAINT full_disk CHECK (full_disk()) NOT VALID`)
    expect(await gateway.problem(await gateway.submit([['content', '{"title":"x"}']]))).toEqual([507, 'STORAGE_FULL'])
    await gateway.db.query(`ALTER TABLE contents DROP CONSTRAINT full_disk`)
    const key = await gateway.makeKey('mine', ['contents:read'])
    await gateway.db.query(`ALTER TABLE api_keys RENAME TO api_keys_kept`)
    await gateway.db.query(`CREATE VIEW api_keys AS SELECT * FROM api_keys_kept WHERE full_disk()`)
    expect(await gateway.problem(await gateway.fetch('/v1/contents', { key }))).toEqual([507, 'STORAGE_FULL'])
    await gateway.db.query(`DROP VIEW api_keys`)
    await gateway.db.query(`ALTER TABLE api_keys_kept RENAME TO api_keys`)
  })

  it('forgets the upload of a client that leaves in the middle, and serves the next', async () => {
    const head = `POST /v1/contents HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${gateway.keys.all}\r\n`
    const part = '--B\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    await gateway.raw(
      `${head}content-type: multipart/form-data; boundary=B\r\ncontent-length: 150000\r\n\r\n${part}${'x'.repeat(50_000)}`,
      {
        leaveAfterMs: 300,
      },
    )
    expect((await gateway.submit([['content', '{"title":"x"}']])).status).toBe(202)
  })

  it('speaks problem documents also where no route is reached', async () => {
    expect(await gateway.problem(await gateway.fetch('/v1/nothing'))).toEqual([404, 'NOT_FOUND'])
    expect(await gateway.problem(await gateway.fetch('/v1/contents/not-an-id'))).toEqual([404, 'NOT_FOUND'])
    expect(await gateway.raw('GET /v1/contents/%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')).toMatch(
      /problem\+json/,
    )
  })

  it('says in a problem document what is wrong with a query, an id, or with the HTTP itself', async () => {
    const old = Buffer.from('["0000-01-01T00:00:00Z","01a20dba-e95f-7617-a356-40b666664ddd"]').toString('base64url')
    for (const [route, status, code] of [
      ['/v1/contents?externalId=%00', 400, 'QUERY_INVALID'],
      ['/v1/contents?colour=red', 400, 'QUERY_INVALID'],
      ['/v1/contents/%00', 404, 'NOT_FOUND'],
      [`/v1/contents?cursor=${old}`, 400, 'CURSOR_INVALID'],
      [`/v1/contents/${'a'.repeat(300)}`, 404, 'NOT_FOUND'],
    ] as const) {
      expect([route, await gateway.problem(await gateway.fetch(route))]).toEqual([route, [status, code]])
    }
    const raw = (text: string) => gateway.raw(`${text}\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
    expect(await raw('GET /docs/%2e%2e/%2e%2e/package.json HTTP/1.1')).toMatch(/^HTTP\/1.1 404[\s\S]*NOT_FOUND/)
    expect(await raw('FOO / HTTP/1.1')).toMatch(/^HTTP\/1.1 400[\s\S]*REQUEST_MALFORMED/)
    expect(await raw(`GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}`)).toMatch(/^HTTP\/1.1 431[\s\S]*HEADERS_TOO_LARGE/)
    const zipped = await gateway.fetch('/v1/contents', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    })
    expect(await gateway.problem(zipped)).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
    expect(await (await gateway.fetch('/v1/errors', { key: null })).json()).toHaveProperty('MEDIA_EMPTY.status', 422)
  })

  it('asks for a key, knows it, and holds it to its scopes', async () => {
    const { fetch: call, keys } = {
      fetch: (key: string | null) => gateway.fetch('/v1/contents', { key }),
      keys: gateway.keys,
    }
    expect(await gateway.problem(await call(null))).toEqual([401, 'KEY_MISSING'])
    for (const unknown of ['rt_nobody_knows_this', 'x'.repeat(2_000)])
      expect(await gateway.problem(await call(unknown))).toEqual([401, 'KEY_INVALID'])
    expect(await gateway.problem(await gateway.submit([['content', '{"title":"x"}']], keys.reader))).toEqual([
      403,
      'SCOPE_MISSING',
    ])
    expect(await gateway.problem(await gateway.fetch('/v1/review/items', { key: keys.reader }))).toEqual([
      403,
      'SCOPE_MISSING',
    ])
    const short = await gateway.makeKey('mine', ['contents:read'])
    expect((await call(short)).status).toBe(200)
    await gateway.revoke(short.split('_')[1] ?? '')
    // Another process may remember the key for five seconds.
    let status = 200
    for (let tries = 0; status === 200 && tries < 80; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      status = (await call(short)).status
    }
    expect(await gateway.problem(await call(short))).toEqual([401, 'KEY_INVALID'])
  })

  it('answers only for its own names', async () => {
    const request = (host: string) =>
      gateway.raw(`GET /docs-json HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    expect(await request('evil.example')).toMatch(/^HTTP\/1.1 421[\s\S]*HOST_REFUSED/)
    expect(await gateway.raw('GET /docs-json HTTP/1.1\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 421[\s\S]*HOST_REFUSED/,
    )
    expect(await request('tags.example')).toMatch(/^HTTP\/1.1 200/)
    expect(await request('LOCALHOST:3000')).toMatch(/^HTTP\/1.1 200/)
  })

  it('answers in the language of the reader', async () => {
    const response = await gateway.fetch('/v1/nothing', { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })
    expect(await response.json()).toMatchObject({ title: '资源不存在', code: 'NOT_FOUND' })
  })
})
