import { Injectable } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  classify,
  defineStage,
  Embedded,
  embedFrames,
  embedText,
  sampleFrames,
  skipped,
  streamsOf,
  type Frames,
  type Pipeline,
  toFloat16Bytes,
} from '@reeltag/contracts'
import { FusionHead, PackServer } from '@reeltag/inference'
import { PackLabelsReader } from '@reeltag/packs'
import {
  ActivePolicies,
  applicationOf,
  createRuntime,
  EmbeddingLedger,
  HandlersModule,
  OnJob,
  WorkspaceKeys,
  type Runtime,
  type FinishedStage,
  type StageTask,
  PredictionsRepository,
} from '@reeltag/pipeline'
import { createLogger, Database, Health, loadConfig, Metrics, newId, openBlobs, SilentTracing } from '@reeltag/platform'
import { createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import 'reflect-metadata'
import { ClassificationJobs } from './classification.jobs.js'
import { ContentFacts } from './content-facts.js'
import { JudgingService } from './judging.service.js'

/** A stream that nobody has heard of, made by a service that nobody has heard of. */
const embedMotion = defineStage({
  stage: 'embed-motion',
  job: 'motion.embed-motion',
  service: 'motion-encoder',
  queue: 'motion',
  of: 'video',
  needs: ['sample-frames'],
  output: Embedded,
  stream: { name: 'motion', input: 'motion', mask: 'motion_mask' },
})
const table: Pipeline = [sampleFrames, embedText, embedFrames, embedMotion, classify]

const yaml = `
format: 1
name: tiny
version: 1
facets:
- id: subject
  kind: single
  names: {zh: 主题, en: Subject}
  nodes:
  - {id: cat, names: {zh: 猫, en: Cat}}
  - {id: dog, names: {zh: 狗, en: Dog}}
`
const width = 2
const masks = ['motion+text+video', 'text+video', 'text']
/** Only with all three streams is anything published. */
const subject = {
  leaves: ['cat', 'dog'],
  role: 'deciding',
  temperature: Object.fromEntries(masks.map((mask) => [mask, 1])),
  publish: Object.fromEntries(
    masks.map((mask, index) => [
      mask,
      index === 0 ? { kind: 'threshold', at: 0.8 } : { kind: 'never', because: 'not measured' },
    ]),
  ),
}
const streams = Object.fromEntries(streamsOf(table).map(({ stream }) => [stream.name, { encoder: 'e/1.0.0' }]))
const manifest = { name: 'tiny', version: '1.0.0', taxonomy: 'tiny/1', head: 'f/1.0.0', streams, facets: { subject } }
const [pack, packWithoutMotion] = ['tiny/1.0.0', 'still/1.0.0']

type Feeds = Parameters<ConstructorParameters<typeof FusionHead>[0]['run']>[0]
/** What the head was fed last. */
let fed: Feeds = {}
const inputs = streamsOf(table).flatMap(({ stream: { input, mask } }) => [
  { name: input, dtype: 'float32', shape: ['n', input, width] },
  { name: mask, dtype: 'float32', shape: ['n', input] },
])
const session = {
  model: { ref: 'f/1.0.0', folder: '', manifest: { inputs } },
  run: async (feeds: Feeds) => {
    fed = feeds
    return { logits_subject: { data: Float32Array.of(5, 0), dims: [1, 2] } }
  },
} as unknown as ConstructorParameters<typeof FusionHead>[0]

const frames: Frames = {
  framesSha256: 'a'.repeat(64),
  filmstripSha256: 'b'.repeat(64),
  frames: 1,
  size: 8,
  timesMs: [0],
  durationMs: 1,
  width: 8,
  height: 8,
  decoded: true,
}

/** Stages that answer at once. */
@Injectable()
class StandIns {
  constructor(private readonly ledger: EmbeddingLedger) {}

  @OnJob(sampleFrames)
  async sample(): Promise<FinishedStage> {
    return { output: frames }
  }

  @OnJob(embedText)
  text(task: StageTask): Promise<FinishedStage> {
    return this.embed(task, 3)
  }

  @OnJob(embedFrames)
  video(task: StageTask): Promise<FinishedStage> {
    return this.embed(task, 1)
  }

  @OnJob(embedMotion)
  async motion(task: StageTask): Promise<FinishedStage> {
    return task.pack === packWithoutMotion ? { output: skipped } : this.embed(task, 2)
  }

  private async embed({ workspaceId, stage }: StageTask, rows: number): Promise<FinishedStage> {
    const key = { workspaceId, inputHash: newId(), preprocessing: stage, encoder: 'e/1.0.0' }
    const vectors = toFloat16Bytes(new Float32Array(rows * width).fill(1))
    const embeddingId = await this.ledger.keep(key, { rows, dimensions: width, vectors })
    return { output: { embeddingId, encoded: true } }
  }
}

describe('a new stream, from a new service', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-streams-'))
  const workspaceId = newId()
  let server: TestDatabase
  let db: Database
  let runtime: Runtime
  let close: () => Promise<void>

  beforeAll(async () => {
    server = await createTestDatabase()
    db = new Database(server.url, { poolMax: 8 })
    await db.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'streams', $2)`, [workspaceId, pack])
    const blobs = await openBlobs({ address: { kind: 'folder', folder }, spoolFolder: folder }, db)
    const config = { ...loadConfig({}), services: [...new Set(table.map(({ job }) => job.service))] }
    const foundation = { config, connectionString: server.url, db, blobs, logger: createLogger({ level: 'silent' }) }
    const observed = { metrics: new Metrics(), health: new Health(), tracing: new SilentTracing() }
    runtime = await createRuntime({ ...foundation, ...observed }, { pipeline: table })

    const taxonomyFile = path.join(folder, '1.yaml')
    fs.writeFileSync(taxonomyFile, yaml)
    const head = new FusionHead(session, table)
    const packs = {
      pack: async (ref: string) => ({ ref, manifest, taxonomyFile }),
      head: async () => head,
    } as unknown as PackServer
    class FusionModule {}
    const providers = [
      ...[StandIns, ClassificationJobs, ContentFacts, JudgingService, PredictionsRepository],
      { provide: ActivePolicies, useValue: new ActivePolicies(db) },
      { provide: WorkspaceKeys, useValue: new WorkspaceKeys(db) },
      { provide: PackServer, useValue: packs },
      { provide: PackLabelsReader, useValue: new PackLabelsReader(packs) },
    ]
    const application = applicationOf(runtime, [HandlersModule, { module: FusionModule, providers }])
    const app = await NestFactory.createApplicationContext(application, { logger: false })
    close = () => app.close()
    runtime.start()
  })
  afterAll(async () => {
    await runtime.stop(10_000)
    await close()
    await db.close()
    await server.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** Sends a content the whole way. @returns its state, its prediction, and its stages with what they stored */
  const tag = async (of: { readonly video: boolean; readonly pack?: string }) => {
    const id = newId()
    await runtime.stages.accept({
      id,
      workspaceId,
      pack,
      externalId: null,
      traceparent: null,
      inputHash: 'c'.repeat(64),
      submission: { title: '小猫', language: 'zh' },
      ...of,
      video: of.video ? { sha256: '0'.repeat(64), bytes: 1 } : null,
    })
    const stateOf = async () =>
      (await db.query<{ state: string }>(`SELECT state FROM contents WHERE id = $1`, [id]))[0]?.state
    const deadline = performance.now() + 20_000
    while ((await stateOf()) === 'processing' && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50))
    const [prediction] = await db.query(`SELECT decision, modalities, tags FROM predictions WHERE content_id = $1`, [
      id,
    ])
    const stages = await db.query<{ stage: string; output: unknown }>(
      `SELECT stage, output FROM stages WHERE content_id = $1 AND state = 'done'`,
      [id],
    )
    const outputs = Object.fromEntries(stages.map(({ stage, output }) => [stage, output]))
    return { state: await stateOf(), prediction, outputs }
  }
  const rowsFed = (mask: string): number[] => [...((fed[mask]?.data ?? []) as Float32Array)]

  it('is joined with the others, and decided about by the policy of its mask', async () => {
    const { state, prediction, outputs } = await tag({ video: true })
    expect(Object.keys(outputs).sort()).toEqual(table.map(({ stage }) => stage).sort())
    expect([rowsFed('text_mask'), rowsFed('frame_mask'), rowsFed('motion_mask')]).toEqual([[1, 1, 1], [1], [1, 1]])
    expect(fed['motion']).toEqual({ data: Float32Array.of(1, 1, 1, 1), dims: [1, 2, width] })
    expect(state).toBe('published')
    const tags = [expect.objectContaining({ path: 'cat', status: 'published' })]
    expect(prediction).toEqual({ decision: 'published', modalities: ['video', 'text'], tags })
  })

  it('is masked, and not waited for, where the content lacks what it is made of', async () => {
    const { state, prediction, outputs } = await tag({ video: false })
    expect(Object.keys(outputs).sort()).toEqual(['classify', 'embed-text'])
    expect([rowsFed('text_mask'), rowsFed('motion_mask')]).toEqual([[1, 1, 1], [0]])
    expect(state).toBe('in_review')
    expect(prediction).toMatchObject({ decision: 'review', modalities: ['text'] })
  })

  it('is masked where its stage was skipped, because the pack does not have it', async () => {
    const { state, prediction, outputs } = await tag({ video: true, pack: packWithoutMotion })
    expect(outputs['embed-motion']).toEqual({ skipped: true })
    expect([rowsFed('frame_mask'), rowsFed('motion_mask')]).toEqual([[1], [0]])
    expect(state).toBe('in_review')
    expect(prediction).toMatchObject({ decision: 'review', modalities: ['video', 'text'] })
  })
})
