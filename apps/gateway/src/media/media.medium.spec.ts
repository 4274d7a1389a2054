import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted, ContentMedia } from '@reeltag/contracts'
import { newId, openBlobs, parseBlobAddress } from '@reeltag/platform'
import { until } from '@reeltag/testing'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { GatewayFixture } from '../gateway.fixture.js'
import { readToken, writeToken } from './media-token.js'

const sample = fs.readFileSync(path.resolve(import.meta.dirname, '../../../../samples/panda.mp4'))
/** A WebP of 8×2 as a filmstrip of two frames; only its header is read here. */
const strip = Buffer.alloc(64)
strip.write('RIFF', 0)
strip.write('WEBPVP8 ', 8)
strip.writeUInt16LE(8, 26)
strip.writeUInt16LE(2, 28)

describe('media for a browser', () => {
  let gateway: GatewayFixture
  let [id, workspaceId, text] = ['', '', '']
  let media: ContentMedia
  let secret: Uint8Array
  const mediaOf = (content: string, key = gateway.keys.all) => gateway.fetch(`/v1/contents/${content}/media`, { key })
  /** As a browser loads it: with nothing but the address. */
  const load = (url: string | null | undefined, headers: Record<string, string> = {}, method = 'GET') =>
    gateway.fetch(url ?? '', { key: null, headers, method })
  const accepted = async (response: Response): Promise<string> => ContentAccepted.parse(await response.json()).id
  const sampled = async (content: string): Promise<void> => {
    const blobs = await openBlobs({ address: parseBlobAddress(gateway.blobUrl), spoolFolder: '/nowhere' }, gateway.db)
    const { sha256 } = await blobs.put(workspaceId, strip)
    const output = { frames: 2, timesMs: [100, 900], filmstripSha256: sha256 }
    await gateway.db.query(
      `INSERT INTO stages (content_id, stage, state, output) VALUES ($1, 'sample-frames', 'done', $2)
       ON CONFLICT (content_id, stage) DO UPDATE SET output = EXCLUDED.output`,
      [content, JSON.stringify(output)],
    )
  }

  beforeAll(async () => {
    gateway = await GatewayFixture.open({ UPLOAD_BYTES_MAX: String(2 * sample.length) })
    id = await accepted(await gateway.submit([['file', Uint8Array.from(sample), 'panda.mp4']]))
    text = await accepted(await gateway.submit([['content', '{"title": "only text"}']]))
    const [row] = await gateway.db.query<{ workspace_id: string }>(`SELECT workspace_id FROM contents WHERE id = $1`, [
      id,
    ])
    workspaceId = row?.workspace_id ?? ''
    await sampled(id)
    media = ContentMedia.parse(await (await mediaOf(id)).json())
    const [kept] = await gateway.db.query<{ secret: Uint8Array }>(`SELECT secret FROM media_secrets`)
    secret = kept?.secret ?? new Uint8Array()
  })
  afterAll(() => gateway.close())

  it('is addressed in a content of the own workspace, with nothing for what is not there', async () => {
    expect(media.video).toMatchObject({ mime: 'video/mp4', playable: true })
    expect(media.frames.map(({ timeMs }) => timeMs)).toEqual([100, 900])
    const seconds = (Date.parse(media.expiresAt) - Date.now()) / 1_000
    expect([seconds > 600 - 1, seconds <= 1_200]).toEqual([true, true])
    expect(await (await mediaOf(text)).json()).toMatchObject({ video: null, frames: [], filmstripUrl: null })
    for (const response of [mediaOf(id, gateway.keys.stranger), mediaOf(newId()), mediaOf('..')])
      expect(await gateway.problem(await response)).toEqual([404, 'NOT_FOUND'])
  })

  it('is not called playable where sampling has found a codec that browsers lack', async () => {
    const codec = (name: string) =>
      gateway.db.query(
        `UPDATE stages SET output = output || jsonb_build_object('codec', $2::text) WHERE content_id = $1 AND stage = 'sample-frames'`,
        [id, name],
      )
    await codec('hevc')
    expect(await (await mediaOf(id)).json()).toMatchObject({ video: { mime: 'video/mp4', playable: false } })
    await codec('h264')
    expect(await (await mediaOf(id)).json()).toMatchObject({ video: { playable: true } })
  })

  it('is the whole video, with a size, and nothing that a browser may run', async () => {
    const response = await load(media.video?.url)
    expect(Buffer.from(await response.arrayBuffer()).equals(sample)).toBe(true)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(sample.length),
      'accept-ranges': 'bytes',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
      'cache-control': expect.stringMatching(/^private, max-age=\d+$/),
    })
  })

  it('says of a file what GET would, and sends none of it', async () => {
    const response = await load(media.video?.url, { range: 'bytes=10-19' }, 'HEAD')
    expect([
      response.status,
      response.headers.get('content-length'),
      (await response.arrayBuffer()).byteLength,
    ]).toEqual([206, '10', 0])
  })

  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=1000-', 1_000, sample.length],
    ['bytes=-500', sample.length - 500, sample.length],
    [`bytes=5-${'9'.repeat(30)}`, 5, sample.length],
  ])('is a part of it: %s', async (range, from, to) => {
    const response = await load(media.video?.url, { range })
    expect([response.status, response.headers.get('content-range')]).toEqual([
      206,
      `bytes ${from}-${to - 1}/${sample.length}`,
    ])
    expect(Buffer.from(await response.arrayBuffer()).equals(sample.subarray(from, to))).toBe(true)
  })

  it('refuses a range outside, and names the size', async () => {
    const response = await load(media.video?.url, { range: `bytes=${sample.length}-` })
    expect(response.headers.get('content-range')).toBe(`bytes */${sample.length}`)
    expect(await gateway.problem(response)).toEqual([416, 'RANGE_UNSATISFIABLE'])
  })

  it('sends a range of the version that the browser has, and all of another; nothing of what it has', async () => {
    const etag = (await load(media.video?.url, {}, 'HEAD')).headers.get('etag') ?? ''
    const status = async (headers: Record<string, string>) => (await load(media.video?.url, headers)).status
    expect(await status({ range: 'bytes=0-9', 'if-range': etag })).toBe(206)
    expect(await status({ range: 'bytes=0-9', 'if-range': '"another"' })).toBe(200)
    expect(await status({ 'if-none-match': `"x", W/${etag}` })).toBe(304)
  })

  it('is the filmstrip, and each frame of it as a picture', async () => {
    const filmstrip = await load(media.filmstripUrl)
    expect(filmstrip.headers.get('content-type')).toBe('image/webp')
    expect(Buffer.from(await filmstrip.arrayBuffer()).equals(strip)).toBe(true)
    const second = await load(media.frames[1]?.url)
    expect(second.headers.get('content-type')).toBe('image/svg+xml')
    expect(await second.text()).toMatch(/width="4" height="2" .*<image x="-4" width="8" .*data:image\/webp;base64,/)
  })

  describe('with an address that is', () => {
    const grant = (more: object = {}) => ({
      workspaceId,
      contentId: id,
      kind: 'original' as const,
      index: 0,
      expires: Math.floor(Date.now() / 1_000) + 60,
      ...more,
    })
    const answer = async (token: string) => gateway.problem(await load(`/media/${token}`))

    it('right: the tests below sign as the gateway does', async () => {
      expect((await load(`/media/${writeToken(grant(), secret)}`)).status).toBe(200)
    })

    it('expired', async () => {
      const expires = Math.floor(Date.now() / 1_000) - 1
      expect(await answer(writeToken(grant({ expires }), secret))).toEqual([403, 'MEDIA_URL_EXPIRED'])
    })

    it('forged, cut, or no address at all', async () => {
      const token = writeToken(grant(), secret)
      const wrong = [
        writeToken(grant(), new Uint8Array(32)),
        token.slice(2),
        `${token}AA`,
        'x',
        '%2e%2e%2fetc%2fpasswd',
      ]
      for (const one of wrong) expect([one, await answer(one)]).toEqual([one, [404, 'NOT_FOUND']])
      expect(await gateway.problem(await load(`/media/${'a'.repeat(5_000)}`))).toEqual([404, 'NOT_FOUND'])
    })

    it('of a content that another workspace has, or of a frame or a file that is not there', async () => {
      for (const more of [
        { workspaceId: newId() },
        { contentId: newId() },
        { kind: 'frame', index: 2 },
        { kind: 'frame', index: 65_535 },
        { kind: 'rendition' },
        { contentId: text },
        { contentId: text, kind: 'filmstrip' },
      ])
        expect([more, await answer(writeToken(grant(more) as never, secret))]).toEqual([more, [404, 'NOT_FOUND']])
    })

    it('given to one content and one file, and says so', () => {
      const token = media.frames[1]?.url.replace('/media/', '') ?? ''
      expect(readToken(token, secret)).toMatchObject({ workspaceId, contentId: id, kind: 'frame', index: 1 })
    })
  })

  it('is gone with its content, and with its bytes', async () => {
    const other = await accepted(await gateway.submit([['file', Uint8Array.from(sample.subarray(0, 5_000)), 'x.mp4']]))
    const view = ContentMedia.parse(await (await mediaOf(other)).json())
    const blobs = path.join(new URL(gateway.blobUrl).pathname, workspaceId)
    const kept = new Set(fs.readdirSync(blobs, { recursive: true }).map(String))
    for (const name of kept) if (fs.statSync(path.join(blobs, name)).size === 5_000) fs.rmSync(path.join(blobs, name))
    expect(await gateway.problem(await load(view.video?.url))).toEqual([404, 'NOT_FOUND'])
    await gateway.db.query(`DELETE FROM contents WHERE id = $1`, [other])
    expect(await gateway.problem(await load(view.video?.url))).toEqual([404, 'NOT_FOUND'])
    expect(await gateway.problem(await mediaOf(other))).toEqual([404, 'NOT_FOUND'])
  })

  it('ends with a reader who leaves: nothing is held open for them', async () => {
    const { port } = new URL(gateway.url)
    const path_ = media.video?.url ?? ''
    const sockets = Array.from({ length: 20 }, () => net.connect(Number(port), '127.0.0.1'))
    for (const socket of sockets) {
      socket.on('error', () => undefined)
      socket.write(`GET ${path_} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      socket.once('data', () => socket.destroy())
    }
    await until('every reader has left', 20, () => sockets.every(({ destroyed }) => destroyed))
    await until('no video is open', 20, () => gateway.openFiles(/\/[0-9a-f]{64}$/) === 0)
    expect((await load(media.video?.url)).status).toBe(200)
  })
})
