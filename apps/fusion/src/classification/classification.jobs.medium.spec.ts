import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fromFloat16Bytes, ReeltagError, pipeline, toFloat16Bytes } from '@reeltag/contracts'
import type { PackServer, Stream } from '@reeltag/inference'
import { decideContent } from '@reeltag/decisions'
import { Outbox } from '@reeltag/events'
import {
  ActivePolicies,
  EmbeddingLedger,
  StageStore,
  PredictionsRepository,
  WorkspaceKeys,
  type NewContent,
  type StageTask,
} from '@reeltag/pipeline'
import { Database, Metrics, createLogger, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClassificationJobs } from './classification.jobs.js'
import { ContentFacts } from './content-facts.js'
import { JudgingService } from './judging.service.js'
import { PackLabelsReader } from '@reeltag/packs'

const yaml = `
format: 1
name: tiny
version: 1
facets:
- id: subject
  kind: single
  names: {zh: 主题, en: Subject}
  nodes:
  - id: animals
    names: {zh: 动物, en: Animals}
    children:
    - {id: cat, names: {zh: 猫, en: Cat}}
    - {id: dog, names: {zh: 狗, en: Dog}}
  - {id: food, names: {zh: 食物, en: Food}}
`
const pack = 'tiny/1.0.0'
const manifest = {
  name: 'tiny',
  version: '1.0.0',
  taxonomy: 'tiny/1',
  head: 'f/1.0.0',
  streams: { video: { encoder: 'v/1.0.0', plan: { id: 'even-4', frames: 4 } }, text: { encoder: 't/1.0.0' } },
  facets: {
    subject: {
      leaves: ['food', 'dog', 'cat'],
      role: 'deciding',
      temperature: { text: 1 },
      publish: { text: { kind: 'threshold', at: 0.8 } },
    },
  },
}

describe('ClassificationJobs', () => {
  let server: TestDatabase
  let db: Database
  let stages: StageStore
  let jobs: ClassificationJobs
  let labels: PackLabelsReader
  /** What the head says next, as probabilities of food, dog, cat. */
  let scores = [0, 0, 0]
  let seen: ReadonlyMap<string, Stream> | undefined
  const workspaceId = newId()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-fusion-'))

  beforeAll(async () => {
    server = await createTestDatabase()
    db = new Database(server.url, { poolMax: 8 })
    await addWorkspace(db, { id: workspaceId, pack })
    const taxonomyFile = path.join(folder, '1.yaml')
    fs.writeFileSync(taxonomyFile, yaml)
    const score = async (streams: typeof seen) => {
      seen = streams
      return { subject: Float32Array.from(scores, Math.log) }
    }
    const packs = {
      pack: async () => ({ ref: pack, manifest, taxonomyFile }),
      head: async () => ({ score }),
    } as unknown as PackServer
    stages = new StageStore(db, new Outbox(), pipeline)
    const ledger = new EmbeddingLedger(db)
    labels = new PackLabelsReader(packs)
    const facts = new ContentFacts(db, new WorkspaceKeys(db), new Metrics())
    const judging = new JudgingService(packs, labels, ledger, new ActivePolicies(db), facts, pipeline)
    jobs = new ClassificationJobs(judging, new PredictionsRepository(), new Metrics())
  })
  afterAll(async () => {
    await db.close()
    await server.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** A content with a title only, whose text is embedded. */
  const aContent = async (): Promise<string> => {
    const id = newId()
    const content: NewContent = {
      id,
      workspaceId,
      pack,
      externalId: null,
      video: null,
      traceparent: null,
      submission: { title: '小猫', language: 'zh' as const },
      inputHash: 'a'.repeat(64),
    }
    await stages.accept(content)
    const vectors = toFloat16Bytes(Float32Array.of(0.5, -1, 2, 0.25))
    const key = { workspaceId, inputHash: newId(), preprocessing: 'p', encoder: 't/1.0.0' }
    const embeddingId = await new EmbeddingLedger(db).keep(key, { rows: 2, dimensions: 2, vectors })
    await stages.finish(await begin(id, 'embed-text'), { output: { embeddingId, encoded: true } })
    return id
  }
  const begin = async (contentId: string, stage: string, attempt = 1): Promise<StageTask> => {
    const begun = await stages.begin({ contentId, stage, attempt }, 15)
    if (begun === undefined) throw new Error(`${stage} could not be begun`)
    return { ...begun, signal: new AbortController().signal, logger: createLogger({ level: 'silent' }) }
  }
  const classify = async (contentId: string, probabilities: number[], attempt = 1): Promise<boolean> => {
    scores = probabilities
    const task = await begin(contentId, 'classify', attempt)
    return stages.finish(task, await jobs.classify(task))
  }
  /** As a rerun does, whose embeddings are found. */
  const tagAgain = async (contentId: string, probabilities: number[], attempt: number): Promise<void> => {
    const [embedded] = await db.query<{ output: unknown }>(
      `SELECT output FROM stages WHERE content_id = $1 AND stage = 'embed-text'`,
      [contentId],
    )
    await stages.restart(contentId, { pack })
    await stages.finish(await begin(contentId, 'embed-text', attempt), { output: embedded?.output })
    await classify(contentId, probabilities, attempt)
  }
  const eventsOf = (contentId: string) =>
    db.query<{
      name: string
      revision: number
      data: { tags: { path: string }[]; reason?: string; supersedes?: unknown }
    }>(`SELECT name, revision, data FROM outbox WHERE content_id = $1 AND name <> 'content.submitted.v1' ORDER BY id`, [
      contentId,
    ])
  const scoresOf = (contentId: string) =>
    db.query<{ logits: Buffer[] }>(`SELECT * FROM prediction_scores WHERE content_id = $1 ORDER BY revision`, [
      contentId,
    ])
  const predictionsOf = (contentId: string) =>
    db.query(`SELECT * FROM predictions WHERE content_id = $1 ORDER BY revision`, [contentId])
  const stateOf = async (id: string) =>
    (await db.query<{ state: string; revision: number }>(`SELECT state, revision FROM contents WHERE id = $1`, [id]))[0]

  it('publishes a certain result and stores everything that made it', async () => {
    const id = await aContent()
    expect(await classify(id, [0.05, 0.05, 0.9])).toBe(true)
    expect(await stateOf(id)).toEqual({ state: 'published', revision: 1 })
    const [row] = await predictionsOf(id)
    const versions = {
      pack,
      vision: 'v/1.0.0',
      text: 't/1.0.0',
      fusion: 'f/1.0.0',
      taxonomy: 'tiny/1',
      sampling: 'even-4',
    }
    expect(row).toMatchObject({
      revision: 1,
      attempt: 1,
      decision: 'published',
      modalities: ['text'],
      input_hash: 'a'.repeat(64),
      versions,
    })
    expect(row).toMatchObject({ tags: [{ path: 'animals/cat', status: 'published' }] })
    expect((await eventsOf(id)).map(({ name }) => name)).toEqual(['tags.predicted.v1', 'tags.published.v1'])
    const text = { rows: 2, dimensions: 2, vectors: Float32Array.of(0.5, -1, 2, 0.25) }
    expect([...(seen ?? [])]).toMatchObject([['text', text]])
  })

  it('keeps the logits that it decided from, by which everything can be decided again', async () => {
    const id = await aContent()
    await classify(id, [0.05, 0.05, 0.9])
    const [prediction] = await predictionsOf(id)
    const [row] = await scoresOf(id)
    expect(row).toMatchObject({
      prediction_id: prediction?.['id'],
      workspace_id: workspaceId,
      revision: 1,
      pack,
      head: 'f/1.0.0',
      mask: 'text',
      facets: ['subject'],
    })
    const [kept] = (row?.logits ?? []).map(fromFloat16Bytes)
    // Halves have 11 bits: off by 2^-11 of their size at most.
    for (const [index, logit] of [0.05, 0.05, 0.9].map(Math.log).entries())
      expect(Math.abs((kept?.[index] ?? NaN) - logit)).toBeLessThanOrEqual(Math.abs(logit) * 2 ** -11)
    const { facets } = await labels.of(pack)
    const again = decideContent(facets, { subject: kept ?? [] }, 'text')
    expect(again).toEqual({ decision: prediction?.['decision'], tags: prediction?.['tags'] })
  })

  /** Brings a policy into force that publishes nothing of the pack. @returns what ends it */
  const aPolicyFor = async (ofPack: string): Promise<() => Promise<unknown>> => {
    const document = {
      format: 1,
      pack: ofPack,
      targets: [],
      delta: 0.1,
      facets: {
        subject: {
          temperature: { text: 1 },
          publish: { text: { kind: 'never', because: 'a test' } },
          role: 'deciding',
        },
      },
      evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
    }
    const id = newId()
    await db.query(
      `INSERT INTO policies (id, workspace_id, name, number, state, pack, document, created_by)
       SELECT $1, $2, 'none', coalesce(max(number), 0) + 1, 'active', $3, $4::jsonb, 'me' FROM policies WHERE workspace_id = $2`,
      [id, workspaceId, ofPack, JSON.stringify(document)],
    )
    return () => db.query(`UPDATE policies SET state = 'retired' WHERE id = $1`, [id])
  }

  it('decides by the policy in force, and names it', async () => {
    // An activation counts after a second.
    await sleep(1_100)
    const retire = await aPolicyFor(pack)
    await sleep(1_100)
    const id = await aContent()
    await classify(id, [0.05, 0.05, 0.9])
    await retire()
    expect(await predictionsOf(id)).toMatchObject([{ decision: 'review', versions: { pack, policy: 'none/1' } }])
    await sleep(1_100)
    const other = await aContent()
    await classify(other, [0.05, 0.05, 0.9])
    const [row] = await predictionsOf(other)
    expect(row).toMatchObject({ decision: 'published' })
    expect(row?.['versions']).not.toHaveProperty('policy')
  })

  it('passes over a policy for another pack', async () => {
    const retire = await aPolicyFor('other/1.0.0')
    await sleep(1_100)
    const id = await aContent()
    await classify(id, [0.05, 0.05, 0.9])
    await retire()
    expect(await predictionsOf(id)).toMatchObject([{ decision: 'published' }])
  })

  it('keeps nothing of a shadow', async () => {
    const id = await aContent()
    scores = [0.05, 0.05, 0.9]
    const task = await begin(id, 'classify')
    expect(await jobs.judgeShadow(task)).toMatchObject({ output: { decision: 'published' } })
    expect(await scoresOf(id)).toEqual([])
  })

  it('publishes a certified ancestor and asks for a review of the rest', async () => {
    const id = await aContent()
    await classify(id, [0.1, 0.4, 0.5])
    expect(await stateOf(id)).toEqual({ state: 'in_review', revision: 1 })
    const [predicted, published, requested] = await eventsOf(id)
    expect(predicted?.data.tags).toHaveLength(4)
    expect(published).toMatchObject({ name: 'tags.published.v1', revision: 1, data: { tags: [{ path: 'animals' }] } })
    expect(published?.data.tags).toHaveLength(1)
    expect(requested).toMatchObject({ name: 'review.requested.v1', data: { reason: 'ancestor-only' } })
  })

  it('publishes nothing uncertain', async () => {
    const id = await aContent()
    await classify(id, [0.5, 0.2, 0.3])
    expect(await stateOf(id)).toEqual({ state: 'in_review', revision: 1 })
    expect((await eventsOf(id)).map(({ name, data }) => [name, data.reason])).toEqual([
      ['tags.predicted.v1', undefined],
      ['review.requested.v1', 'uncertain'],
    ])
  })

  it('gives a content one prediction an attempt, and a re-tagged one the next revision', async () => {
    const id = await aContent()
    scores = [0.05, 0.05, 0.9]
    const task = await begin(id, 'classify')
    const twice = await Promise.all([1, 2].map(async () => stages.finish(task, await jobs.classify(task))))
    expect(twice.filter(Boolean)).toHaveLength(1)
    expect(await predictionsOf(id)).toHaveLength(1)
    expect(await scoresOf(id)).toHaveLength(1)
    await tagAgain(id, [0.9, 0.05, 0.05], 2)
    expect((await predictionsOf(id)).map(({ revision, attempt }) => [revision, attempt])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(await stateOf(id)).toEqual({ state: 'published', revision: 2 })
  })

  it('says what a result supersedes, and takes back what is not published any more', async () => {
    const id = await aContent()
    await classify(id, [0.05, 0.05, 0.9])
    await tagAgain(id, [0.5, 0.2, 0.3], 2)
    await tagAgain(id, [0.4, 0.3, 0.3], 3)
    const [first, second] = await predictionsOf(id)
    const supersedes = { revision: 1, predictionId: first?.['id'] }
    const later = { revision: 2, predictionId: second?.['id'] }
    expect((await eventsOf(id)).map(({ name, data }) => [name, data.supersedes])).toEqual([
      ['tags.predicted.v1', null],
      ['tags.published.v1', null],
      ['tags.predicted.v1', supersedes],
      ['tags.published.v1', supersedes],
      ['review.requested.v1', supersedes],
      ['tags.predicted.v1', later],
      ['review.requested.v1', later],
    ])
    expect((await eventsOf(id))[3]?.data.tags).toEqual([])
  })

  it('says so where an embedding is gone, and where the head gave no number', async () => {
    const [gone, broken] = [await aContent(), await aContent()]
    const task = await begin(gone, 'classify')
    const lost = { ...task, outputs: { 'embed-text': { embeddingId: newId(), encoded: true } } }
    await expect(jobs.classify(lost)).rejects.toMatchObject({ code: 'BLOB_MISSING' } satisfies Partial<ReeltagError>)
    await expect(classify(broken, [NaN, 0.5, 0.5])).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
    } satisfies Partial<ReeltagError>)
    expect(await predictionsOf(broken)).toEqual([])
    expect(await scoresOf(broken)).toEqual([])
  })
})
