import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fromFloat16Bytes, toFloat16Bytes } from '@reeltag/contracts'
import { loadPack } from '@reeltag/packs'
import { PackServer } from './serving/pack-server.js'

const root = path.resolve(import.meta.dirname, '../../..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
const ref = 'starter/2.0.0'

const visionOf = async (server: PackServer) => (await server.encoder(ref, 'video', 'vision-encoder'))!
const textOf = async (server: PackServer) => (await server.encoder(ref, 'text', 'text-encoder'))!
const batches: number[] = []
const options = {
  device: 'cpu',
  threads: 1,
  lanes: 1,
  batchMax: 32,
  delayMsMax: 2,
  queueMax: 512,
  onBatch: (_: string, rows: number) => void batches.push(rows),
} as const

/** Frames that look like nothing, but always the same nothing. */
const frames = (size: number, count: number, seed: number): Uint8Array =>
  Uint8Array.from(
    { length: count * size * size * 3 },
    (_, index) => (index * 31 + seed * 97 + ((index >> 6) % 7) * 40) % 256,
  )

describe('the starter pack', () => {
  const server = new PackServer(folders, options)
  afterAll(() => server.close())

  it('gives a frame the same vector alone and in a batch of a size that was never traced', async () => {
    const vision = await visionOf(server)
    const alone = await vision.embed(frames(vision.size, 1, 3), 'alone')
    const together = await vision.embed(
      Uint8Array.from([...frames(vision.size, 6, 1), ...frames(vision.size, 1, 3)]),
      'together',
    )
    expect(together.rows).toBe(7)
    const last = together.vectors.slice(6 * together.dimensions)
    for (const [index, value] of alone.vectors.entries()) expect(last[index]).toBeCloseTo(value, 1)
  })

  it('refuses what is not whole frames', async () => {
    const vision = await visionOf(server)
    for (const bytes of [frames(vision.size, 1, 1).subarray(1), new Uint8Array()])
      await expect(vision.embed(bytes, 'w')).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  })

  it('joins frames of several callers into one run', async () => {
    const vision = await visionOf(server)
    batches.length = 0
    await Promise.all(
      Array.from({ length: 12 }, (_, seed) => vision.embed(frames(vision.size, 4, seed), `owner ${seed}`)),
    )
    expect(batches.reduce((a, b) => a + b, 0)).toBe(48)
    expect(batches.length).toBeLessThan(12)
  })

  it('encodes a frame once, however often it comes', async () => {
    const vision = await visionOf(server)
    const [black, other] = [frames(vision.size, 1, 41), frames(vision.size, 1, 42)]
    batches.length = 0
    const { vectors, dimensions } = await vision.embed(Uint8Array.from([...black, ...other, ...black]), 'w')
    await Promise.all([vision.embed(black, 'w'), vision.embed(other, 'w')])
    expect(batches.reduce((a, b) => a + b, 0)).toBe(2)
    expect(vectors.slice(0, dimensions)).toEqual(vectors.slice(2 * dimensions))
    // Another workspace must not learn from the time that an answer takes.
    await vision.embed(black, 'v')
    expect(batches.reduce((a, b) => a + b, 0)).toBe(3)
  })

  it('closes a pack that has rested, behind what is under way, and opens it again', async () => {
    let now = 0
    const own = new PackServer(folders, options, () => now)
    const vision = await visionOf(own)
    expect(await own.retain(new Set())).toEqual([])
    now = 61_000
    expect(await own.retain(new Set([ref]))).toEqual([])
    const running = vision.embed(frames(vision.size, 40, 5), 'w')
    expect(await own.retain(new Set())).toEqual([ref])
    expect((await running).rows).toBe(40)
    expect((await (await visionOf(own)).embed(frames(vision.size, 1, 5), 'w')).rows).toBe(1)
    await own.close()
  })

  it('scores a text the same whether or not a longer one pads it', async () => {
    const text = await textOf(server)
    const alone = await text.embed('熊猫')
    batches.length = 0
    // The first keeps the lane busy, so that the other two wait and are joined.
    const [, beside] = await Promise.all([
      text.embed('先来的'),
      text.embed('熊猫'),
      text.embed('今天去动物园看到了很多很多可爱的动物，还有大熊猫'),
    ])
    expect(Math.max(...batches)).toBeGreaterThan(1)
    expect([beside.rows, beside.vectors.length]).toEqual([alone.rows, alone.vectors.length])
    for (const [index, value] of alone.vectors.entries()) expect(beside.vectors[index]).toBeCloseTo(value, 1)
  })

  it('changes its scores when a stream is taken away, and when the text changes', async () => {
    const [vision, text, fusion] = await Promise.all([visionOf(server), textOf(server), server.head(ref)])
    const video = await vision.embed(frames(vision.size, 4, 1), 'w')
    const [panda, train] = await Promise.all([text.embed('大熊猫'), text.embed('蒸汽火车')])
    const scores = await Promise.all([
      fusion.score(
        new Map([
          ['video', video],
          ['text', panda],
        ]),
      ),
      fusion.score(
        new Map([
          ['video', video],
          ['text', train],
        ]),
      ),
      fusion.score(new Map([['video', video]])),
      fusion.score(new Map([['text', panda]])),
    ])
    const rows = scores.map(({ subject }) => [...(subject ?? [])].map((value) => value.toFixed(3)).join())
    expect(new Set(rows).size).toBe(4)
    await expect(fusion.score(new Map())).rejects.toMatchObject({ code: 'STREAMS_MISSING', retryable: false })
  })

  it('scores a content the same whatever shares its batch, missing streams among it', async () => {
    const [vision, text, fusion] = await Promise.all([visionOf(server), textOf(server), server.head(ref)])
    const [video, short, long] = await Promise.all([
      vision.embed(frames(vision.size, 4, 2), 'w'),
      text.embed('猫'),
      text.embed('周末在厨房里做了一个很大的生日蛋糕，大家都说好吃'),
    ])
    const contents = [{ video, text: short }, { text: short }, { video }, { video, text: long }].map(
      (streams) => new Map(Object.entries(streams)),
    )
    const alone: (Float32Array | undefined)[] = []
    for (const content of contents) alone.push((await fusion.score(content))['subject'])
    batches.length = 0
    const together = await Promise.all(contents.map(async (content) => (await fusion.score(content))['subject']))
    expect(Math.max(...batches)).toBeGreaterThan(1)
    const differences = together.flatMap((logits, index) =>
      [...(logits ?? [])].map((value, leaf) => Math.abs(value - (alone[index]?.[leaf] ?? NaN))),
    )
    // INT8 activations may be scaled over the whole batch: a neighbour moves a logit a little, a broken mask a lot.
    expect(Math.max(...differences)).toBeLessThan(0.5)
  })

  it('keeps its argmax through the half precision of the ledger', async () => {
    const [text, fusion] = await Promise.all([textOf(server), server.head(ref)])
    const stream = await text.embed('今天拍到了大熊猫')
    const stored = { ...stream, vectors: fromFloat16Bytes(toFloat16Bytes(stream.vectors)) }
    const best = (logits: Float32Array | undefined) => logits?.indexOf(Math.max(...logits))
    const [exact, halved] = await Promise.all([
      fusion.score(new Map([['text', stream]])),
      fusion.score(new Map([['text', stored]])),
    ])
    expect(best(halved['subject'])).toBe(best(exact['subject']))
    const { manifest } = await server.pack(ref)
    expect(manifest.facets['subject']?.leaves[best(exact['subject']) ?? -1]).toBe('panda')
  })
})

describe('a pack that was tampered with', () => {
  let copy: string
  beforeAll(() => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-pack-'))
    fs.cpSync(folders.modelsDir, path.join(copy, 'models'), { recursive: true })
  })
  afterAll(() => fs.rmSync(copy, { recursive: true, force: true }))
  const open = () => loadPack({ modelsDir: path.join(copy, 'models'), taxonomiesDir: folders.taxonomiesDir }, ref)

  it('is refused for a changed graph, naming the file', async () => {
    const graph = path.join(copy, 'models/starter-vision/2.0.0/model.onnx')
    const bytes = fs.readFileSync(graph)
    fs.writeFileSync(graph, Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]))
    await expect(open()).rejects.toMatchObject({
      code: 'PACK_INVALID',
      message: expect.stringContaining('starter-vision'),
    })
    fs.writeFileSync(graph, bytes)
    await expect(open()).resolves.toMatchObject({ ref })
  })

  it('is refused for a missing file, a link, and a path that leads out', async () => {
    const tokenizer = path.join(copy, 'models/starter-text/2.0.0/tokenizer.json')
    fs.renameSync(tokenizer, `${tokenizer}.kept`)
    await expect(open()).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    fs.symlinkSync(`${tokenizer}.kept`, tokenizer)
    await expect(open()).rejects.toMatchObject({ code: 'PACK_INVALID' })
    fs.rmSync(tokenizer)
    fs.renameSync(`${tokenizer}.kept`, tokenizer)
    const file = path.join(copy, 'models/packs/starter/2.0.0/pack.json')
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { checksums: Record<string, string> }
    manifest.checksums['models/../../secret'] = '0'.repeat(64)
    fs.writeFileSync(file, JSON.stringify(manifest))
    await expect(open()).rejects.toMatchObject({ code: 'PACK_INVALID' })
  })

  it('is refused on a device that is not there', async () => {
    const server = new PackServer(folders, { ...options, device: 'cuda' })
    await expect(visionOf(server)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    await server.close()
  })
})
