import { afterEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LoadedModel } from '@reeltag/packs'
import { lookupManifest } from '../sessions/lookup.fixture.js'
import { ModelSession } from '../sessions/model-session.js'
import type { Tensors } from '../tensors/tensor.js'

// What a real model server never does: `remote-encoder.medium.spec.ts` has those.

const model: LoadedModel = { ref: 'lookup/1.0.0', folder: '/nowhere', manifest: lookupManifest }
const metadata = {
  inputs: [{ name: 'ids', datatype: 'INT64', shape: [-1, -1] }],
  outputs: [{ name: 'rows', datatype: 'FP32', shape: [-1, -1, 2] }],
}

type Reply = (response: http.ServerResponse, body: string) => void
const say =
  (status: number, content: object | string, headers: http.OutgoingHttpHeaders = {}): Reply =>
  (response) => {
    response.writeHead(status, headers)
    response.end(typeof content === 'string' ? content : JSON.stringify(content))
  }

/** Answers rightly: each id gives two numbers, itself and a half more. */
const infer: Reply = (response, body) => {
  const { inputs } = JSON.parse(body) as { inputs: [{ shape: number[]; data: number[] }] }
  const [{ shape, data }] = inputs
  const rows = { name: 'rows', datatype: 'FP32', shape: [...shape, 2], data: data.flatMap((id) => [id, id + 0.5]) }
  say(200, { outputs: [rows] })(response, body)
}

const honest: Record<string, Reply> = {
  '/v2/health/live': say(200, ''),
  '/v2': say(200, { name: 'fake', version: '1', extensions: [] }),
  '/v2/models/lookup/versions/1.0.0': say(200, metadata),
  '/v2/models/lookup/versions/1.0.0/ready': say(200, ''),
  '/v2/models/lookup/versions/1.0.0/infer': infer,
}
const inferPath = '/v2/models/lookup/versions/1.0.0/infer'
const ids = (...row: number[]): Tensors => ({ ids: { data: BigInt64Array.from(row, BigInt), dims: [1, row.length] } })

describe('a model on a server', () => {
  let replies: Record<string, Reply>
  let asked: string[]
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  const open = async (changed: Record<string, Reply> = {}, timeoutMs = 5_000): Promise<ModelSession> => {
    replies = { ...honest, ...changed }
    asked = []
    const server = http.createServer((request, response) => {
      const url = request.url ?? ''
      asked.push(url)
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => (replies[url] ?? say(404, { error: 'nothing here' }))(response, body))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const limits = { lanes: 1, batchMax: 32, delayMsMax: 0, queueMax: 64, device: 'cpu', threads: 1 } as const
    const session = await ModelSession.open(model, { ...limits, server: { url, timeoutMs } })
    closing.unshift(() => session.close())
    return session
  }

  it('is run by its name and version, with the numbers that come back', async () => {
    const session = await open()
    const { rows } = await session.run(ids(3, 4))
    expect(rows).toEqual({ data: Float32Array.of(3, 3.5, 4, 4.5), dims: [1, 2, 2] })
  })

  it.each([
    ['nothing at the address of its health', '/v2/health/live', say(404, 'nginx'), 'MODEL_SERVER_INVALID'],
    ['a login page', '/v2/health/live', say(302, '', { location: 'http://127.0.0.1:1/login' }), 'MODEL_SERVER_INVALID'],
    ['a refusal of who asks', '/v2/health/live', say(403, {}), 'MODEL_SERVER_UNAVAILABLE'],
    ['an outage', '/v2/health/live', say(503, 'no upstream'), 'MODEL_SERVER_UNAVAILABLE'],
    ['a page', '/v2', say(200, '<html>'), 'MODEL_SERVER_INVALID'],
    ['a page without end', '/v2', say(200, 'x'.repeat(70_000)), 'MODEL_SERVER_INVALID'],
    ['an unknown model', '/v2/models/lookup/versions/1.0.0', say(404, {}), 'MODEL_NOT_SERVED'],
    ['a model that loads', '/v2/models/lookup/versions/1.0.0/ready', say(400, {}), 'MODEL_NOT_SERVED'],
    ['no metadata', '/v2/models/lookup/versions/1.0.0', say(200, {}), 'MODEL_SERVER_INVALID'],
    ['other axes', '/v2/models/lookup/versions/1.0.0', say(200, { ...metadata, outputs: [] }), 'MODEL_SERVER_MISMATCH'],
    ['other results', inferPath, say(200, { outputs: [] }), 'MODEL_SERVER_INVALID'],
  ] as const)('is not opened where the server answers with %s', async (_, path, reply, code) => {
    await expect(open({ [path]: reply })).rejects.toMatchObject({ code })
  })

  it('is asked for under the name with the version in it, where versions are numbers', async () => {
    const renamed = Object.entries(honest).map(([path, reply]) => [path.replace('/versions/', '-'), reply] as const)
    const gone = Object.fromEntries(Object.keys(honest).map((path) => [path, say(404, {})] as const))
    const session = await open({ ...gone, ...Object.fromEntries(renamed) })
    await session.run(ids(1))
    expect(asked.at(-1)).toBe('/v2/models/lookup-1.0.0/infer')
  })

  const failing = async (reply: Reply, timeoutMs?: number) => {
    const session = await open({}, timeoutMs)
    replies[inferPath] = reply
    const outcome = session.run(ids(1))
    await expect(outcome).rejects.toBeDefined()
    // The next one is served when the server is itself again.
    replies[inferPath] = infer
    expect((await session.run(ids(2)))['rows']?.data).toEqual(Float32Array.of(2, 2.5))
    return outcome.catch((error: unknown) => error)
  }

  it.each([
    ['falls over', say(500, { error: 'CUDA\u0000 error' }), 'INFERENCE_FAILED'],
    ['dislikes the input', say(400, { error: 'bad' }), 'INFERENCE_FAILED'],
    ['is too busy', say(429, {}), 'MODEL_SERVER_UNAVAILABLE'],
    ['has unloaded the model', say(404, {}), 'MODEL_NOT_SERVED'],
    ['answers with garbage', say(200, '\u0000\u0001'), 'MODEL_SERVER_INVALID'],
    ['hangs up', (response: http.ServerResponse) => void response.destroy(), 'MODEL_SERVER_UNAVAILABLE'],
    [
      'hangs up in the middle',
      (response: http.ServerResponse) => {
        response.writeHead(200, { 'content-length': 500 })
        response.write('{')
        setTimeout(() => response.destroy(), 20)
      },
      'MODEL_SERVER_UNAVAILABLE',
    ],
  ] as const)('fails with a code when the server %s, and serves on', async (_, reply, code) => {
    const error = await failing(reply as Reply)
    expect(error).toMatchObject({ code, retryable: true })
    expect((error as Error).message).not.toContain('\u0000')
  })

  it('stops reading what is longer than any right answer', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const flood: Reply = (response) => {
      // By way of the event loop: a connection that is gone says so there, and writes to it are done at once.
      const pour = (): void => void (response.destroyed || response.write(' '.repeat(65_536), () => setImmediate(pour)))
      closed = once(response, 'close')
      pour()
    }
    expect(await failing(flood)).toMatchObject({
      code: 'MODEL_SERVER_INVALID',
      message: expect.stringMatching(/longer than 65\d{3} bytes/),
    })
    await closed
  })

  it('gives up on a server that is silent, and on one that never ends', async () => {
    const drip: Reply = (response) => {
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }
    for (const reply of [() => undefined, drip]) {
      const started = performance.now()
      expect(await failing(reply, 3_000)).toMatchObject({
        code: 'MODEL_SERVER_UNAVAILABLE',
        message: expect.stringContaining('timeout'),
      })
      expect(performance.now() - started).toBeLessThan(20_000)
    }
  })

  it('tells a whole batch of an outage at once, and tries a failure of one apart from its neighbours', async () => {
    const session = await open()
    const runs = () => Promise.allSettled([1, 2, 3, 4].map((id) => session.run(ids(id))))
    const count = () => asked.filter((url) => url === inferPath).length
    replies[inferPath] = say(503, {})
    const before = count()
    for (const outcome of await runs()) expect(outcome).toMatchObject({ reason: { isOutage: true } })
    // The first runs alone, and the other three wait for it together.
    expect(count() - before).toBe(2)
    replies[inferPath] = (response, body) => (/\b99\b/.test(body) ? say(500, {}) : infer)(response, body)
    const mixed = await Promise.allSettled([1, 2, 99, 4].map((id) => session.run(ids(id))))
    expect(mixed.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('is asked about itself again after a failure, and refused if it is another one now', async () => {
    const session = await open()
    replies[inferPath] = say(503, {})
    await expect(session.run(ids(1))).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE' })
    replies['/v2/models/lookup/versions/1.0.0'] = say(200, { ...metadata, inputs: [] })
    replies[inferPath] = infer
    await expect(session.run(ids(1))).rejects.toMatchObject({ code: 'MODEL_SERVER_MISMATCH', isOutage: true })
  })
})
