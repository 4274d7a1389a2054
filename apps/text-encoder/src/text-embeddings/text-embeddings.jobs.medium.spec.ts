import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SubmitContent } from '@reeltag/contracts'
import { PackServer } from '@reeltag/inference'
import type { StageTask } from '@reeltag/pipeline'
import { createLogger, Database, newId } from '@reeltag/platform'
import { EmbeddingLedger } from '@reeltag/pipeline'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import path from 'node:path'
import { TextEmbeddingsJobs } from './text-embeddings.jobs.js'

const root = path.resolve(import.meta.dirname, '../../../..')
const pack = 'starter/2.0.0'
const batches: number[] = []
// What comes together is joined, however slow the machine: a batch waits longer for company than it would in service.
const limits = { device: 'cpu', threads: 1, lanes: 1, batchMax: 32, delayMsMax: 100, queueMax: 512 } as const

describe('TextEmbeddingsJobs', () => {
  const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
  const packs = new PackServer(folders, { ...limits, onBatch: (_model, rows) => void batches.push(rows) })
  const workspaceId = newId()
  let database: TestDatabase
  let db: Database
  let ledger: EmbeddingLedger
  let jobs: TextEmbeddingsJobs

  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    await addWorkspace(db, { id: workspaceId, pack })
    ledger = new EmbeddingLedger(db)
    jobs = new TextEmbeddingsJobs(packs, ledger)
    await packs.encoder(pack, 'text', 'text-encoder')
  })
  afterAll(async () => {
    await packs.close()
    await db.close()
    await database.drop()
  })

  const embed = async (
    text: Omit<SubmitContent, 'language'>,
    { by = jobs, ...of }: { by?: TextEmbeddingsJobs; workspaceId?: string; pack?: string } = {},
  ): Promise<{ embeddingId: string; encoded: boolean }> => {
    const task: StageTask = {
      contentId: newId(),
      stage: 'embed-text',
      attempt: 1,
      traceparent: null,
      inputHash: '0'.repeat(64),
      submission: { language: 'zh', ...text },
      video: null,
      outputs: {},
      signal: new AbortController().signal,
      logger: createLogger({ level: 'silent' }),
      workspaceId,
      pack,
      ...of,
    }
    return (await by.embed(task)).output as { embeddingId: string; encoded: boolean }
  }

  it('keeps one vector a token, and finds it again without running the model', async () => {
    const first = await embed({ title: '大熊猫', description: 'panda' })
    expect(first.encoded).toBe(true)
    const stored = (await ledger.read([first.embeddingId])).get(first.embeddingId)
    expect(stored?.vectors.length).toBe((stored?.rows ?? 0) * (stored?.dimensions ?? 0) * 2)
    batches.length = 0
    // Where the words stand does not matter: the encoder sees one text.
    expect(await embed({ title: '大熊猫 panda' })).toEqual({ embeddingId: first.embeddingId, encoded: false })
    expect(batches).toEqual([])
  })

  it('joins texts of different lengths, each with its own tokens', async () => {
    batches.length = 0
    const titles = Array.from({ length: 8 }, (_, index) => '猫'.repeat(index + 1))
    const ids = (await Promise.all(titles.map((title) => embed({ title })))).map(({ embeddingId }) => embeddingId)
    const stored = await ledger.read(ids)
    expect(ids.map((id) => stored.get(id)?.rows)).toEqual(titles.map((title) => title.length + 2))
    expect(batches.length).toBeLessThan(8)
  })

  it('is found by the same encoder and preprocessing in the same workspace, and by nothing less', async () => {
    const other = await addWorkspace(db, { pack })
    const encoders: Record<string, { ref: string; preprocessing: string }> = {
      first: { ref: 't/1.0.0', preprocessing: 'wordpiece-64' },
      retrained: { ref: 't/2.0.0', preprocessing: 'wordpiece-64' },
      longer: { ref: 't/1.0.0', preprocessing: 'wordpiece-128' },
    }
    const vectors = new Float32Array(2)
    const text = async (ref: string) => ({ ...encoders[ref], embed: async () => ({ rows: 1, dimensions: 2, vectors }) })
    const by = new TextEmbeddingsJobs({ encoder: text } as unknown as PackServer, ledger)
    const of = [{ pack: 'first' }, { pack: 'retrained' }, { pack: 'longer' }, { pack: 'first', workspaceId: other }]
    const made = []
    for (const one of of) made.push(await embed({ title: '豹' }, { by, ...one }))
    expect(made.map(({ encoded }) => encoded)).toEqual([true, true, true, true])
    expect(new Set(made.map(({ embeddingId }) => embeddingId)).size).toBe(4)
    for (const [index, one] of of.entries())
      expect(await embed({ title: '豹' }, { by, ...one })).toEqual({ ...made[index], encoded: false })
    expect(await embed({ title: '虎' }, { by, pack: 'first' })).toMatchObject({ encoded: true })
  })

  it('is skipped where the pack has no such stream', async () => {
    const by = new TextEmbeddingsJobs({ encoder: async () => undefined } as unknown as PackServer, ledger)
    expect(await embed({ title: '豹' }, { by })).toEqual({ skipped: true })
  })

  it('takes a text of any length or kind', async () => {
    for (const title of ['🎬🎬🎬', ' '.repeat(1_999) + '豹', 'e\u0301'.repeat(900), 'x'.repeat(2_000)]) {
      expect(await embed({ title })).toMatchObject({ encoded: true })
    }
    expect(await embed({ title: '虎', ocrText: '火'.repeat(50_000) })).toMatchObject({ encoded: true })
  })
})
