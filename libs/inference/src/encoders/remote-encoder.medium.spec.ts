import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ModelManifest } from '@reeltag/contracts'
import { describeWith, startMlserver, startTriton, type NativeServer, type ServedModel } from '@reeltag/testing'
import path from 'node:path'
import { loadModel } from '@reeltag/packs'
import { PackServer } from '../serving/pack-server.js'

const root = path.resolve(import.meta.dirname, '../../../..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
const ref = 'starter/2.0.0'

const visionOf = async (server: PackServer) => (await server.encoder(ref, 'video', 'vision-encoder'))!
const textOf = async (server: PackServer) => (await server.encoder(ref, 'text', 'text-encoder'))!
const texts = ['熊猫', '今天去动物园看到了很多很多可爱的动物，还有大熊猫', 'steam train in the snow']

/** Frames of coloured stripes, no two alike. */
const frames = (size: number, count: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: count * size * size * 3 }, (_, index) => {
    const [frame, column] = [Math.floor(index / (size * size * 3)), Math.floor(index / 3) % size]
    return (((column * (seed + 2)) >> 3) * 83 * ((index % 3) + 1) + seed * 61 + frame * 29) % 256
  })

const batches: number[] = []
const limits = { device: 'cpu', threads: 1, lanes: 1, batchMax: 32, delayMsMax: 2, queueMax: 512 } as const
const packServer = (url?: string, timeoutMs = 30_000): PackServer => {
  const server = url === undefined ? undefined : { url, timeoutMs }
  return new PackServer(folders, { ...limits, server, onBatch: (_, rows) => void batches.push(rows) })
}

const encoders = (): Promise<ServedModel[]> =>
  Promise.all([
    loadModel(folders, 'starter-vision/2.0.0', 'vision-encoder'),
    loadModel(folders, 'starter-text/2.0.0', 'text-encoder'),
  ])

const difference = (one: Float32Array, other: Float32Array): number => {
  expect(one.length).toBe(other.length)
  return Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? NaN))))
}

const nearest = (vectors: Float32Array, others: readonly { vectors: Float32Array }[]): number => {
  const distances = others.map((other) =>
    vectors.reduce((sum, value, i) => sum + (value - (other.vectors[i] ?? NaN)) ** 2, 0),
  )
  return distances.indexOf(Math.min(...distances))
}

const kinds = [
  { name: 'mlserver', title: 'MLServer, by JSON', start: startMlserver },
  { name: 'triton', title: 'Triton, by bytes', start: startTriton },
] as const

describe.each(kinds)('encoders on $title', ({ name, start }) => {
  describeWith([name], name, () => {
    const local = packServer()
    let server: NativeServer
    beforeAll(async () => {
      server = await start(await encoders())
    })
    afterAll(async () => {
      await local.close()
      await server.remove()
    })

    it('give the vectors that they give here, frames and texts, one and many', async () => {
      const remote = packServer(server.address)
      const [here, there] = [await visionOf(local), await visionOf(remote)]
      for (const count of [1, 2, 7]) {
        const pixels = frames(here.size, count, count)
        const [expected, given] = [await here.embed(pixels, 'w'), await there.embed(pixels, 'w')]
        expect({ ...given, vectors: 0 }).toEqual({ ...expected, vectors: 0 })
        expect(difference(given.vectors, expected.vectors)).toBeLessThan(1e-5)
      }
      const [reader, remoteReader] = [await textOf(local), await textOf(remote)]
      for (const text of texts) {
        const [expected, given] = [await reader.embed(text), await remoteReader.embed(text)]
        expect(given.rows).toBe(expected.rows)
        expect(difference(given.vectors, expected.vectors)).toBeLessThan(1e-5)
      }
      await remote.close()
    })

    it('take frames of several videos, and texts of several lengths, in one request', async () => {
      const remote = packServer(server.address)
      const [vision, text] = [await visionOf(remote), await textOf(remote)]
      const [visionHere, textHere] = [await visionOf(local), await textOf(local)]
      batches.length = 0
      const seeds = Array.from({ length: 12 }, (_, seed) => seed)
      const videos = await Promise.all(seeds.map((seed) => vision.embed(frames(vision.size, 4, seed), `w${seed}`)))
      expect(batches.reduce((a, b) => a + b, 0)).toBe(48)
      expect(batches.length).toBeLessThan(12)
      batches.length = 0
      const read = await Promise.all(texts.map((one) => text.embed(one)))
      expect(batches.length).toBeLessThan(texts.length)
      // Everyone got what is theirs: INT8 ranges move with the batch, but less than one content differs from another.
      for (const [seed, { vectors }] of videos.entries()) {
        const alone = await visionHere.embed(frames(vision.size, 4, seed), 'here')
        expect(nearest(alone.vectors, videos)).toBe(seed)
        expect(vectors.length).toBe(alone.vectors.length)
      }
      for (const [index, one] of texts.entries()) {
        const alone = await textHere.embed(one)
        expect(read[index]?.rows).toBe(alone.rows)
        expect(difference(read[index]?.vectors ?? Float32Array.of(), alone.vectors)).toBeLessThan(0.5)
      }
      await remote.close()
    })

    it('leave the fusion head here', async () => {
      const remote = packServer(server.address)
      const [text, fusion] = [await textOf(remote), await remote.head(ref)]
      const { subject } = await fusion.score(new Map([['text', await text.embed('今天拍到了大熊猫')]]))
      const { manifest } = await remote.pack(ref)
      expect(manifest.facets['subject']?.leaves[subject?.indexOf(Math.max(...subject)) ?? -1]).toBe('panda')
      await remote.close()
    })

    it('say so while the server is gone or hangs, and go on when it is back', async () => {
      const remote = packServer(server.address, 2_000)
      const vision = await visionOf(remote)
      const outage = { code: 'MODEL_SERVER_UNAVAILABLE', retryable: true, isOutage: true }
      await server.kill()
      const gone = await Promise.allSettled([1, 2, 3].map((seed) => vision.embed(frames(vision.size, 1, seed), 'a')))
      for (const outcome of gone) expect(outcome).toMatchObject({ reason: outage })
      await server.start()
      expect((await vision.embed(frames(vision.size, 2, 21), 'a')).rows).toBe(2)
      server.pause()
      await expect(vision.embed(frames(vision.size, 1, 22), 'a')).rejects.toMatchObject(outage)
      server.resume()
      expect((await vision.embed(frames(vision.size, 2, 23), 'a')).rows).toBe(2)
      await remote.close()
    })
  })

  describeWith([name], `${name} with other models`, () => {
    const started: NativeServer[] = []
    afterAll(() => Promise.all(started.map((server) => server.remove())))
    const openOn = async (change: (manifest: ModelManifest) => Partial<ModelManifest>) => {
      const model = await loadModel(folders, 'starter-vision/2.0.0', 'vision-encoder')
      const server = await start([{ ...model, manifest: { ...model.manifest, ...change(model.manifest) } }])
      started.push(server)
      return visionOf(packServer(server.address))
    }

    it('are refused under another name, in another version, and with other inputs or outputs', async () => {
      const missing = { code: 'MODEL_NOT_SERVED', message: expect.stringContaining('starter-vision') }
      await expect(openOn(() => ({ name: 'other-vision' }))).rejects.toMatchObject(missing)
      await expect(openOn(() => ({ version: '2.0.1' }))).rejects.toMatchObject(missing)
      const outputs = [{ name: 'embeddings', dtype: 'float32' as const, shape: ['n', 191] }]
      await expect(openOn(() => ({ outputs }))).rejects.toMatchObject({
        code: 'MODEL_SERVER_MISMATCH',
        message: expect.stringMatching(/float32 \?×448.*float32 \?×191/),
      })
      const inputs = [{ name: 'frames', dtype: 'float32' as const, shape: ['n', 96, 96, 3] }]
      await expect(openOn(() => ({ inputs }))).rejects.toMatchObject({ code: 'MODEL_SERVER_MISMATCH' })
    })
  })
})
