import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentView } from '@reeltag/contracts'
import { until } from '@reeltag/testing'
import net from 'node:net'
import { bytesMax, GatewayFixture, jsonBytesMax } from '../gateway.fixture.js'

const uploadsMax = 2

describe('limits of what is sent and asked for', () => {
  let gateway: GatewayFixture
  beforeAll(async () => {
    gateway = await GatewayFixture.open({ UPLOADS_MAX: String(uploadsMax) })
  })
  afterAll(() => gateway.close())

  type Parts = Parameters<GatewayFixture['submit']>[0]
  const outcome = async (response: Response): Promise<unknown> =>
    response.status === 202 ? 202 : (await gateway.problem(response))[1]

  it('take a file of as many bytes as are allowed, and not one more', async () => {
    const file = (bytes: number): Parts => [['file', new Uint8Array(bytes).fill(7), 'a.mp4']]
    const largest = await gateway.submit(file(bytesMax))
    expect(largest.status).toBe(202)
    const { id } = (await largest.json()) as { id: string }
    const view = ContentView.parse(await (await gateway.fetch(`/v1/contents/${id}`)).json())
    expect(view.video?.bytes).toBe(bytesMax)
    expect(await outcome(await gateway.submit(file(bytesMax + 1)))).toBe('UPLOAD_TOO_LARGE')
  })

  it('take JSON of as many bytes as are allowed, and not one more, as a part and as a body', async () => {
    /** Blanks count as much as text. */
    const json = (bytes: number): string => '{"title":"x"}'.padEnd(bytes, ' ')
    const headers = { 'content-type': 'application/json' }
    for (const [bytes, expected] of [
      [jsonBytesMax, 202],
      [jsonBytesMax + 1, 'BODY_TOO_LARGE'],
    ] as const) {
      expect([bytes, await outcome(await gateway.submit([['content', json(bytes)]]))]).toEqual([bytes, expected])
      const response = await gateway.fetch('/v1/contents', { method: 'POST', headers, body: json(bytes) })
      expect([bytes, await outcome(response)]).toEqual([bytes, expected])
    }
  })

  it('take so many uploads at once, and tell the next to come back', async () => {
    const head = `POST /v1/contents HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${gateway.keys.all}\r\n`
    const part = '--B\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\nhalf of it'
    const half = (): net.Socket => {
      const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`${head}content-type: multipart/form-data; boundary=B\r\ncontent-length: 150000\r\n\r\n${part}`)
      return socket
    }
    const parts: Parts = [['file', new Uint8Array(10), 'a.mp4']]
    const first = half()
    await until('one upload is under way', 10, () => gateway.uploadsLeft.length === 1)
    expect(await outcome(await gateway.submit(parts))).toBe(202)
    const second = half()
    await until('all places are taken', 10, () => gateway.uploadsLeft.length === uploadsMax)
    const refused = await gateway.submit(parts)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await gateway.problem(refused)).toEqual([503, 'OVERLOADED'])
    for (const socket of [first, second]) socket.destroy()
    await until('the places are free again', 10, async () => (await gateway.submit(parts)).status === 202)
  })

  it.each(['/v1/contents', '/v1/review/items', '/v1/admin/reruns'])('give 1 to 100 of %s at a time', async (route) => {
    const key = await gateway.makeKey('mine', ['contents:read', 'review:read', 'admin'])
    for (const limit of [1, 100])
      expect([limit, (await gateway.fetch(`${route}?limit=${limit}`, { key })).status]).toEqual([limit, 200])
    for (const limit of ['0', '101', '-1', '1.5', 'x', ''])
      expect([limit, await gateway.problem(await gateway.fetch(`${route}?limit=${limit}`, { key }))]).toEqual([
        limit,
        [400, 'QUERY_INVALID'],
      ])
    expect(await gateway.problem(await gateway.fetch(`${route}?cursor=${'x'.repeat(501)}`, { key }))).toEqual([
      400,
      'QUERY_INVALID',
    ])
  })
})
