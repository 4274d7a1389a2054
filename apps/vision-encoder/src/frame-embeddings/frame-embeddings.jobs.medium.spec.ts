import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { fromFloat16Bytes } from '@reeltag/contracts'
import { PackServer } from '@reeltag/inference'
import type { StageTask } from '@reeltag/pipeline'
import { type Blobs, createLogger, Database, newId, openBlobs } from '@reeltag/platform'
import { EmbeddingLedger } from '@reeltag/pipeline'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FrameEmbeddingsJobs } from './frame-embeddings.jobs.js'

const root = path.resolve(import.meta.dirname, '../../../..')
const pack = 'starter/2.0.0'
const batches: number[] = []
// What comes together is joined, however slow the machine: a batch waits longer for company than it would in service.
const limits = { device: 'cpu', threads: 1, lanes: 1, batchMax: 32, delayMsMax: 100, queueMax: 512 } as const

describe('FrameEmbeddingsJobs', () => {
  const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
  const packs = new PackServer(folders, { ...limits, onBatch: (_model, rows) => void batches.push(rows) })
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-frames-'))
  let database: TestDatabase
  let db: Database
  let blobs: Blobs
  let ledger: EmbeddingLedger
  let jobs: FrameEmbeddingsJobs
  let workspaceId: string
  let size: number

  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    blobs = await openBlobs({ address: { kind: 'folder', folder: home }, spoolFolder: home }, db)
    ledger = new EmbeddingLedger(db)
    jobs = new FrameEmbeddingsJobs(packs, blobs, ledger)
    size = (await packs.encoder(pack, 'video', 'vision-encoder'))!.size
  })
  beforeEach(async () => {
    batches.length = 0
    workspaceId = await addWorkspace(db, { pack })
  })
  afterAll(async () => {
    await packs.close()
    await db.close()
    await database.drop()
    fs.rmSync(home, { recursive: true, force: true })
  })

  const task = async (seed: number, overrides: { workspaceId?: string; size?: number } = {}): Promise<StageTask> => {
    const owner = overrides.workspaceId ?? workspaceId
    const frameBytes = size * size * 3
    // Each frame is another: equal ones would be encoded once.
    const pixel = (index: number): number => (index * (seed + 7) + Math.floor(index / frameBytes) * 31) % 256
    const frames = Uint8Array.from({ length: 4 * frameBytes }, (_, index) => pixel(index))
    const { sha256 } = await blobs.put(owner, frames)
    const sampled = {
      framesSha256: sha256,
      filmstripSha256: sha256,
      frames: 4,
      size: overrides.size ?? size,
      timesMs: [0, 1, 2, 3],
      durationMs: 4,
      width: 720,
      height: 1280,
      decoded: true,
    }
    return {
      contentId: newId(),
      workspaceId: owner,
      stage: 'embed-frames',
      attempt: 1,
      pack,
      traceparent: null,
      inputHash: sha256,
      submission: { language: 'zh' },
      video: { sha256, bytes: 1 },
      outputs: { 'sample-frames': sampled },
      signal: new AbortController().signal,
      logger: createLogger({ level: 'silent' }),
    }
  }
  const idOf = ({ output }: { output: unknown }): string => (output as { embeddingId: string }).embeddingId

  it('keeps one vector a frame, and finds it again without running the model', async () => {
    const first = await jobs.embed(await task(1))
    expect(first.output).toMatchObject({ encoded: true })
    const stored = (await ledger.read([idOf(first)])).get(idOf(first))
    expect(stored?.rows).toBe(4)
    const vectors = fromFloat16Bytes(stored?.vectors ?? Buffer.alloc(0))
    expect(vectors.length).toBe(4 * (stored?.dimensions ?? 0))
    expect(vectors.every(Number.isFinite)).toBe(true)
    batches.length = 0
    const again = await jobs.embed(await task(1))
    expect(again.output).toEqual({ embeddingId: idOf(first), encoded: false })
    expect(batches).toEqual([])
  })

  it('joins frames of videos that come together', async () => {
    const tasks = await Promise.all(Array.from({ length: 8 }, (_, seed) => task(seed + 10)))
    const ids = (await Promise.all(tasks.map((one) => jobs.embed(one)))).map(idOf)
    expect(new Set(ids).size).toBe(8)
    expect(batches.reduce((sum, rows) => sum + rows, 0)).toBe(32)
    expect(batches.length).toBeLessThan(8)
  })

  it('gives the same frames one embedding, even when they race', async () => {
    const tasks = await Promise.all(Array.from({ length: 4 }, () => task(20)))
    const ids = (await Promise.all(tasks.map((one) => jobs.embed(one)))).map(idOf)
    expect(new Set(ids).size).toBe(1)
  })

  it('never finds what another workspace owns', async () => {
    const mine = await jobs.embed(await task(30))
    const theirs = await jobs.embed(await task(30, { workspaceId: await addWorkspace(db, { pack }) }))
    expect(theirs.output).toMatchObject({ encoded: true })
    expect(idOf(theirs)).not.toBe(idOf(mine))
    // Not from the encoder's memory either: the time that an answer takes would tell what others have sent.
    expect(batches.reduce((sum, rows) => sum + rows, 0)).toBe(8)
  })

  it('is found by the same encoder and preprocessing only', async () => {
    const encoders: Record<string, { ref: string; preprocessing: string }> = {
      first: { ref: 'v/1.0.0', preprocessing: 'mean-std' },
      retrained: { ref: 'v/2.0.0', preprocessing: 'mean-std' },
      cropped: { ref: 'v/1.0.0', preprocessing: 'crop' },
    }
    const embed = async () => ({ rows: 4, dimensions: 1, vectors: new Float32Array(4) })
    const vision = async (ref: string) => ({ ...encoders[ref], size, embed })
    const by = new FrameEmbeddingsJobs({ encoder: vision } as unknown as PackServer, blobs, ledger)
    const made = []
    for (const name of Object.keys(encoders)) made.push(await by.embed({ ...(await task(50)), pack: name }))
    expect(made.map(({ output }) => output)).toEqual(made.map(() => expect.objectContaining({ encoded: true })))
    expect(new Set(made.map(idOf)).size).toBe(3)
    const again = await by.embed({ ...(await task(50)), pack: 'cropped' })
    expect(again.output).toEqual({ embeddingId: idOf(made[2]!), encoded: false })
    expect((await by.embed({ ...(await task(51)), pack: 'first' })).output).toMatchObject({ encoded: true })
  })

  it('is skipped where the pack has no such stream, whether or not frames were sampled', async () => {
    const by = new FrameEmbeddingsJobs({ encoder: async () => undefined } as unknown as PackServer, blobs, ledger)
    const outputs = { 'sample-frames': { skipped: true } }
    expect(await by.embed({ ...(await task(60)), outputs })).toEqual({ output: { skipped: true } })
  })

  it('refuses frames of another size for good', async () => {
    const refused = jobs.embed(await task(40, { size: size / 2 }))
    await expect(refused).rejects.toMatchObject({ code: 'MODEL_MISMATCH', retryable: false })
  })
})
