import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { reeltagVersion } from '@reeltag/contracts'
import { loadPack, readPackManifest } from './read-pack.js'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-packs-'))
const folders = { modelsDir: path.join(home, 'models'), taxonomiesDir: path.join(home, 'taxonomies') }
const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex')
const checksums: Record<string, string> = {}

const write = (file: string, content: unknown): void => {
  const bytes = typeof content === 'string' ? content : JSON.stringify(content)
  fs.mkdirSync(path.dirname(path.join(home, file)), { recursive: true })
  fs.writeFileSync(path.join(home, file), bytes)
  checksums[file] = sha256(bytes)
}

const floats = (name: string, shape: (string | number)[]) => ({ name, dtype: 'float32', shape })
const modelsOf = (width: number) =>
  [
    [
      'tiny-vision',
      'vision-encoder',
      [{ name: 'frames', dtype: 'uint8', shape: ['n', 8, 8, 3] }],
      [floats('embeddings', ['n', width])],
    ],
    [
      'tiny-text',
      'text-encoder',
      [{ name: 'input_ids', dtype: 'int64', shape: ['n', 't'] }],
      // As an imported tower: its stream is not its first output.
      [floats('embeddings', ['n', 9]), floats('tokens', ['n', 't', 3])],
    ],
    [
      'tiny-fusion',
      'fusion-head',
      [floats('frames', ['n', 'f', 4]), floats('text_tokens', ['n', 't', 3])],
      [floats('logits_subject', ['n', 2])],
    ],
  ] as const

/** A whole pack of nothing: every rule but the graphs themselves, which only a session can check. */
const writePack = ({ pack = {}, vision = {}, width = 4 } = {}): void => {
  for (const [name, kind, inputs, outputs] of modelsOf(width)) {
    const graph = `graph of ${name}`
    write(`models/${name}/1.0.0/model.onnx`, graph)
    write(`models/${name}/1.0.0/manifest.json`, {
      format: 1,
      name,
      version: '1.0.0',
      kind,
      inputs,
      outputs,
      preprocessing: { id: 'none' },
      files: [],
      graph: { file: 'model.onnx', sha256: sha256(graph), bytes: graph.length },
      licence: 'none',
      trainingData: 'none',
      metrics: {},
      ...(kind === 'vision-encoder' ? vision : {}),
    })
  }
  write('taxonomies/tiny/1.yaml', 'format: 1')
  const facets = { subject: { leaves: ['cat', 'dog'], temperature: { both: 1, video: 1, text: 1 }, publishAt: 0.9 } }
  const models = { vision: 'tiny-vision/1.0.0', text: 'tiny-text/1.0.0', fusion: 'tiny-fusion/1.0.0' }
  const manifest = {
    format: 1,
    name: 'tiny',
    version: '1.0.0',
    reeltagMin: '0.1.0',
    models,
    sampling: { id: 'even-4', frames: 4 },
    taxonomy: 'tiny/1',
    facets,
    checksums,
    card: 'CARD.md',
    signature: null,
    ...pack,
  }
  fs.mkdirSync(path.join(folders.modelsDir, 'packs/tiny/1.0.0'), { recursive: true })
  fs.writeFileSync(path.join(folders.modelsDir, 'packs/tiny/1.0.0/pack.json'), JSON.stringify(manifest))
}
const open = () => loadPack(folders, 'tiny/1.0.0')
const refusal = (code: string, part: string) => ({ code, message: expect.stringContaining(part) })

describe('loadPack', () => {
  beforeEach(() => {
    for (const file of Object.keys(checksums)) delete checksums[file]
    fs.rmSync(home, { recursive: true, force: true })
    writePack()
  })
  afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

  it('opens a pack whose parts are whole and fit together', async () => {
    await expect(open()).resolves.toMatchObject({
      ref: 'tiny/1.0.0',
      head: { ref: 'tiny-fusion/1.0.0' },
      encoders: { video: { ref: 'tiny-vision/1.0.0' }, text: { ref: 'tiny-text/1.0.0' } },
    })
  })

  const streams = {
    video: { encoder: 'tiny-vision/1.0.0', plan: { id: 'even-4', frames: 4 } },
    text: { encoder: 'tiny-text/1.0.0' },
  }
  const policy = (mask: string) => ({ temperature: { [mask]: 1 }, publish: { [mask]: { kind: 'threshold', at: 0.9 } } })
  const second = (own: object, mask = 'text+video') => ({
    format: 2,
    streams: own,
    head: 'tiny-fusion/1.0.0',
    facets: { subject: { leaves: ['cat', 'dog'], role: 'deciding', ...policy(mask) } },
  })

  it('reads format 1 and format 2 alike', async () => {
    const first = await open()
    writePack({ pack: second(streams) })
    const { manifest, ...models } = await open()
    expect(manifest.streams).toEqual(first.manifest.streams)
    expect({ ...models, manifest: first.manifest }).toEqual(first)
  })

  it('refuses a stream that no stage makes, and an encoder of another kind than its stream', async () => {
    writePack({ pack: second({ ...streams, audio: { encoder: 'tiny-text/1.0.0' } }, 'audio+text+video') })
    await expect(open()).rejects.toMatchObject(refusal('PACK_INVALID', 'no stage of this Reeltag makes audio'))
    writePack({ pack: second({ ...streams, text: { encoder: 'tiny-vision/1.0.0' } }) })
    await expect(open()).rejects.toMatchObject(refusal('MODEL_MISMATCH', 'of text is a vision-encoder, without a plan'))
  })

  it('refuses a policy of streams that the pack does not have', async () => {
    writePack({ pack: second(streams, 'audio') })
    await expect(open()).rejects.toMatchObject(refusal('PACK_INVALID', 'does not have: audio'))
  })

  it('refuses a pack for a newer Reeltag', async () => {
    writePack({ pack: { reeltagMin: '0.10.0' } })
    await expect(open()).rejects.toMatchObject(refusal('PACK_INVALID', '0.10.0'))
  })

  it('refuses another format, naming the file', async () => {
    writePack({ pack: { format: 3 } })
    await expect(open()).rejects.toMatchObject(refusal('PACK_INVALID', 'pack.json'))
    writePack({ vision: { format: 2 } })
    await expect(open()).rejects.toMatchObject(refusal('MANIFEST_INVALID', 'manifest.json'))
  })

  it('refuses models that do not fit together', async () => {
    writePack({ width: 5 })
    await expect(open()).rejects.toMatchObject(refusal('MODEL_MISMATCH', 'vectors of video are 5 wide'))
    writePack({ pack: { models: { vision: 'tiny-text/1.0.0', text: 'tiny-text/1.0.0', fusion: 'tiny-fusion/1.0.0' } } })
    await expect(open()).rejects.toMatchObject(refusal('MODEL_MISMATCH', 'not a vision-encoder'))
  })

  it('refuses leaves that are more or fewer than the logits', async () => {
    const subject = { leaves: ['cat', 'dog', 'fox'], temperature: { both: 1, video: 1, text: 1 }, publishAt: 0.9 }
    writePack({ pack: { facets: { subject } } })
    await expect(open()).rejects.toMatchObject(refusal('MODEL_MISMATCH', 'leaves of subject'))
  })

  it('refuses a checksum list with a hole, and one that differs from a manifest', async () => {
    const { 'taxonomies/tiny/1.yaml': _, ...rest } = checksums
    writePack({ pack: { checksums: rest } })
    await expect(open()).rejects.toMatchObject(refusal('PACK_INVALID', 'no checksum for taxonomies/tiny/1.yaml'))
    writePack({ vision: { graph: { file: 'model.onnx', sha256: '0'.repeat(64), bytes: 1 } } })
    await expect(open()).rejects.toMatchObject(
      refusal('PACK_INVALID', 'differ about models/tiny-vision/1.0.0/model.onnx'),
    )
  })

  it('refuses files that are reached through a linked folder', async () => {
    fs.renameSync(path.join(folders.modelsDir, 'tiny-text'), path.join(home, 'elsewhere'))
    fs.symlinkSync(path.join(home, 'elsewhere'), path.join(folders.modelsDir, 'tiny-text'))
    await expect(open()).rejects.toMatchObject(refusal('PACK_INVALID', 'through a link'))
  })

  it('refuses a reference that is a path', async () => {
    for (const ref of ['../../etc', 'tiny/1.0.0/..', 'tiny']) {
      await expect(readPackManifest(folders, ref)).rejects.toMatchObject({ code: 'PACK_INVALID' })
    }
  })

  it('names the folder to look in when a pack is not there', async () => {
    await expect(loadPack(folders, 'other/1.0.0')).rejects.toMatchObject(
      refusal('MODEL_MISSING', 'packs/other/1.0.0/pack.json'),
    )
  })
})

describe('reeltagVersion', () => {
  it('is the version of the package', () => {
    const file = path.resolve(import.meta.dirname, '../package.json')
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ version: reeltagVersion })
  })
})
