import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { PolicyDocument, pipeline, toFloat16Bytes, type PolicyRouting, type SubmitContent } from '@reeltag/contracts'
import { applyPolicy, decideContent, type Mondrian } from '@reeltag/decisions'
import { Outbox } from '@reeltag/events'
import { FusionHead, type PackServer, type Stream } from '@reeltag/inference'
import { PackLabelsReader } from '@reeltag/packs'
import {
  ActivePolicies,
  EmbeddingLedger,
  PredictionsRepository,
  StageStore,
  WorkspaceKeys,
  type StageTask,
} from '@reeltag/pipeline'
import { createLogger, Database, Metrics, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ClassificationJobs } from './classification.jobs.js'
import { ContentFacts } from './content-facts.js'
import { JudgingService } from './judging.service.js'

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
    - {id: snake, sensitive: true, names: {zh: 蛇, en: Snake}}
  - {id: food, names: {zh: 食物, en: Food}}
`
const pack = 'tiny/1.0.0'
const leaves = ['food', 'snake', 'cat']
const manifest = {
  name: 'tiny',
  version: '1.0.0',
  taxonomy: 'tiny/1',
  head: 'f/1.0.0',
  streams: { video: { encoder: 'v/1.0.0', plan: { id: 'even-4', frames: 4 } }, text: { encoder: 't/1.0.0' } },
  facets: { subject: { leaves, role: 'deciding', temperature: {}, publish: {} } },
}
const aCat = [0.02, 0.02, 0.96]

describe('rules of a policy at classification', () => {
  let server: TestDatabase
  let db: Database
  let stages: StageStore
  let packs: PackServer
  let workspaceId: string
  let statements: string[] = []
  /** What the head says of some streams, as probabilities of the leaves. */
  let scores: (streams: string) => number[] = () => aCat
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-rules-'))

  beforeAll(async () => {
    server = await createTestDatabase()
    db = new Database(server.url, { poolMax: 8 })
    const taxonomyFile = path.join(folder, '1.yaml')
    fs.writeFileSync(taxonomyFile, yaml)
    packs = {
      pack: async () => ({ ref: pack, manifest, taxonomyFile }),
      head: async () => ({
        score: async (streams: ReadonlyMap<string, Stream>) => ({
          subject: Float32Array.from(scores([...streams.keys()].sort().join('+')), Math.log),
        }),
        takes: (name: string) => name !== 'speech',
      }),
    } as unknown as PackServer
    stages = new StageStore(db, new Outbox(), pipeline)
  })
  beforeEach(async () => {
    workspaceId = await addWorkspace(db, { pack })
    scores = () => aCat
  })
  afterAll(async () => {
    await db.close()
    await server.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const candidates: Record<string, Mondrian> = Object.fromEntries(
    ['text', 'video', 'text+video'].map((mask) => [
      mask,
      {
        alpha: 0.1,
        options: { penalty: 0.01, rankFree: 5 },
        groups: [{ node: null, members: leaves, n: 300, quantile: 0.7 }],
      },
    ]),
  )
  const threshold = { kind: 'threshold', at: 0.8 } as const
  const documentOf = (routing?: PolicyRouting): PolicyDocument =>
    PolicyDocument.parse({
      format: 1,
      pack,
      targets: [],
      delta: 0.1,
      facets: {
        subject: {
          temperature: {},
          publish: { text: threshold, video: threshold, 'text+video': threshold },
          role: 'deciding',
          candidates,
        },
      },
      evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
      routing,
    })

  /** What classifies while this policy is in force. */
  const under = async (routing?: PolicyRouting) => {
    await db.query(
      `INSERT INTO policies (id, workspace_id, name, number, state, pack, document, created_by)
       VALUES ($1, $2, 'rules', 1, 'active', $3, $4::jsonb, 'me')`,
      [newId(), workspaceId, pack, JSON.stringify(documentOf(routing))],
    )
    statements = []
    const counted = {
      query: (sql: string, params?: unknown[]) => {
        statements.push(sql)
        return db.query(sql, params)
      },
      transaction: db.transaction.bind(db),
    } as unknown as Database
    const metrics = new Metrics()
    const judging = new JudgingService(
      packs,
      new PackLabelsReader(packs),
      new EmbeddingLedger(counted),
      new ActivePolicies(counted),
      new ContentFacts(counted, new WorkspaceKeys(counted), metrics),
      pipeline,
    )
    return { jobs: new ClassificationJobs(judging, new PredictionsRepository(), metrics), metrics }
  }

  const accept = async (submission: Partial<SubmitContent> = {}, video = false): Promise<string> => {
    const id = newId()
    await stages.accept({
      id,
      workspaceId,
      pack,
      externalId: null,
      traceparent: null,
      video: video ? { sha256: 'b'.repeat(64), bytes: 1 } : null,
      submission: { title: '小猫', language: 'zh', ...submission },
      inputHash: 'a'.repeat(64),
    })
    return id
  }
  const ready = async (contentId: string, stage: string): Promise<StageTask> => {
    const begun = await stages.begin({ contentId, stage, attempt: 1 }, 15)
    if (begun === undefined) throw new Error(`${stage} could not be begun`)
    return { ...begun, signal: new AbortController().signal, logger: createLogger({ level: 'silent' }) }
  }
  const embed = async (contentId: string, stage: string): Promise<void> => {
    const vectors = toFloat16Bytes(Float32Array.of(0.5, -1, 2, 0.25))
    const key = { workspaceId, inputHash: newId(), preprocessing: 'p', encoder: 't/1.0.0' }
    const embeddingId = await new EmbeddingLedger(db).keep(key, { rows: 2, dimensions: 2, vectors })
    await stages.finish(await ready(contentId, stage), { output: { embeddingId, encoded: true } })
  }
  const frames = (damaged?: number) => ({
    framesSha256: 'c'.repeat(64),
    filmstripSha256: 'd'.repeat(64),
    frames: 4,
    size: 96,
    timesMs: [0],
    durationMs: 1,
    width: 1,
    height: 1,
    decoded: true,
    ...(damaged === undefined ? {} : { damaged }),
  })
  const classify = async (jobs: ClassificationJobs, id: string): Promise<void> => {
    const task = await ready(id, 'classify')
    expect(await stages.finish(task, await jobs.classify(task))).toBe(true)
  }
  const aText = async (submission: Partial<SubmitContent> = {}): Promise<string> => {
    const id = await accept(submission)
    await embed(id, 'embed-text')
    return id
  }
  const aVideo = async (damaged?: number): Promise<string> => {
    const id = await accept({}, true)
    await embed(id, 'embed-text')
    await stages.finish(await ready(id, 'sample-frames'), { output: frames(damaged) })
    await embed(id, 'embed-frames')
    return id
  }
  interface Row {
    decision: string
    because: object[] | null
    candidates: { coverage: number | null; unit: number; leftOut: number } | null
    tags: { path: string; status: string }[]
  }
  const predictionOf = async (contentId: string): Promise<Row | undefined> =>
    (await db.query<Row>(`SELECT * FROM predictions WHERE content_id = $1`, [contentId]))[0]
  const unknown = async (metrics: Metrics): Promise<Record<string, number>> => {
    const found = await metrics.registry.getSingleMetric('reeltag_rule_facts_unknown_total')?.get()
    return Object.fromEntries((found?.values ?? []).map(({ labels, value }) => [String(labels['rule']), value]))
  }
  const decidedBy = async (routing: PolicyRouting, id: string) => {
    const { jobs, metrics } = await under(routing)
    await classify(jobs, id)
    return { row: await predictionOf(id), unknown: await unknown(metrics) }
  }

  it('send a content of a sensitive node to review, with the reason in the result and in the event', async () => {
    scores = () => [0.02, 0.96, 0.02]
    const id = await aText()
    const { row } = await decidedBy({ rules: { sensitive: { tree: true, nodes: [] } } }, id)
    const because = [{ rule: 'sensitive-node', node: 'subject:snake' }]
    expect(row).toMatchObject({ decision: 'review', because })
    expect(row?.tags.map(({ status }) => status)).not.toContain('published')
    const [event] = await db.query<{ data: object }>(
      `SELECT data FROM outbox WHERE content_id = $1 AND name = 'review.requested.v1'`,
      [id],
    )
    expect(event?.data).toMatchObject({ because, candidates: { coverage: null }, versions: { policy: 'rules/1' } })
    const names = await db.query<{ name: string }>(`SELECT name FROM outbox WHERE content_id = $1`, [id])
    expect(names.map(({ name }) => name)).not.toContain('tags.published.v1')
  })

  it('know a new author by the contents that the workspace had of that author before', async () => {
    const author = { authorId: 'li' }
    const other = await addWorkspace(db, { pack })
    const ids = [await aText({ author }), await aText({ author }), await aText({ author }), await aText()]
    await db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash)
       VALUES ($1, $2, 'published', $3, '{"author": {"authorId": "li"}}', '{text}', 'x')`,
      ['00000000-0000-7000-8000-000000000001', other, pack],
    )
    const { jobs, metrics } = await under({ rules: { newAuthor: { contentsMin: 2 } } })
    for (const id of ids) await classify(jobs, id)
    const rows = await Promise.all(ids.map(predictionOf))
    expect(rows.map((row) => row?.because ?? null)).toEqual([
      [{ rule: 'new-author', value: 0, limit: 2 }],
      [{ rule: 'new-author', value: 1, limit: 2 }],
      null,
      null,
    ])
    // Nobody said who made the last one: no rule fires, and it is counted.
    expect(await unknown(metrics)).toEqual({ 'new-author': 1 })
  })

  it('count damaged frames where the decoder has said how many', async () => {
    const [broken, whole, unsaid] = [await aVideo(0.5), await aVideo(0.1), await aVideo()]
    const { jobs, metrics } = await under({ rules: { damagedFrames: { max: 0.3 } } })
    for (const id of [broken, whole, unsaid]) await classify(jobs, id)
    expect((await predictionOf(broken))?.because).toEqual([{ rule: 'frames-damaged', value: 0.5, limit: 0.3 }])
    expect(await predictionOf(whole)).toMatchObject({ decision: 'published', because: null })
    expect(await predictionOf(unsaid)).toMatchObject({ decision: 'published', because: null })
    expect(await unknown(metrics)).toEqual({ 'frames-damaged': 1 })
  })

  it('see that the streams disagree, each decided alone', async () => {
    scores = (streams) => (streams === 'video' ? [0.9, 0.05, 0.05] : aCat)
    const [both, text] = [await aVideo(), await aText()]
    const { jobs, metrics } = await under({ rules: { disagreement: { max: 0.5 } } })
    for (const id of [both, text]) await classify(jobs, id)
    const row = await predictionOf(both)
    expect(row?.because).toMatchObject([{ rule: 'disagreement', limit: 0.5 }])
    expect(row?.because).toEqual([expect.objectContaining({ value: expect.closeTo(0.91, 2) })])
    expect(await predictionOf(text)).toMatchObject({ decision: 'published' })
    expect(await unknown(metrics)).toEqual({})
  })

  it('see what is unlike everything that was labelled, and count it where nobody has labelled such streams', async () => {
    const novelty = {
      text: {
        facets: ['subject'],
        mean: [0, 0, 0],
        axes: [[1, 0, 0]],
        neighbour: 1,
        points: [[-1.4]],
        distances: [0, 0.5],
      },
    }
    const routing = { rules: { novelty: { max: 0.6 } }, novelty }
    // The logit of food lies far from the only point.
    scores = () => [0.9999, 0.00005, 0.00005]
    const strange = await decidedBy(routing, await aText())
    expect(strange.row?.because).toEqual([{ rule: 'novelty', value: expect.closeTo(2 / 3, 9), limit: 0.6 }])
    workspaceId = await addWorkspace(db, { pack })
    const unlabelled = await decidedBy(routing, await aVideo())
    expect(unlabelled).toMatchObject({ row: { decision: 'published' }, unknown: { novelty: 1 } })
  })

  it('ask nothing of the database where no rule is on, beside the key that is read once', async () => {
    const ids = [await aText(), await aText(), await aText()]
    const { jobs } = await under()
    await classify(jobs, ids[0] ?? '')
    statements = []
    for (const id of ids.slice(1)) await classify(jobs, id)
    // The embeddings; whether the policy is still in force is asked once a second.
    expect(statements.filter((sql) => !/FROM policies/.test(sql)).every((sql) => /FROM embeddings/.test(sql))).toBe(
      true,
    )
  })

  it('keep the random number with the result, so that anybody can compute the candidates again', async () => {
    scores = () => [0.3, 0.25, 0.45]
    const id = await aText()
    const { row } = await decidedBy({}, id)
    expect(row).toMatchObject({ decision: 'review', because: null, candidates: { coverage: 0.9, leftOut: 0 } })
    const unit = row?.candidates?.unit ?? NaN
    const facets = applyPolicy((await new PackLabelsReader(packs).of(pack)).facets, documentOf())
    const [kept] = await db.query<{ logits: Buffer[] }>(`SELECT logits FROM prediction_scores WHERE content_id = $1`, [
      id,
    ])
    const logits = Float32Array.from(scores(''), Math.log)
    expect(toFloat16Bytes(logits).equals(kept?.logits[0] ?? Buffer.alloc(0))).toBe(true)
    const again = decideContent(facets, { subject: logits }, 'text', { unit })
    expect(again.tags.map(({ path: place }) => place)).toEqual(row?.tags.map(({ path: place }) => place))
    // Another process, with nothing but the database, draws the same number.
    const hash = await new WorkspaceKeys(db).hash(workspaceId, `candidates ${id}`)
    expect(Number.parseInt(hash.slice(0, 13), 16) / 16 ** 13).toBe(unit)
  })

  it('find contents of an author by an index', async () => {
    await db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash)
       SELECT uuidv7(), $1, 'published', $2, jsonb_build_object('author', jsonb_build_object('authorId', 'a' || n % 500)), '{text}', 'x'
       FROM generate_series(1, 20000) n`,
      [workspaceId, pack],
    )
    await db.query(`ANALYZE contents`)
    const id = await aText({ author: { authorId: 'a7' } })
    await under({ rules: { newAuthor: { contentsMin: 5 } } }).then(({ jobs }) => classify(jobs, id))
    const asked = statements.find((sql) => sql.includes("'authorId'"))
    const plan = await db.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN ${asked?.replace('$1', `'${workspaceId}'`).replace('$2', `'a7'`).replace('$3', `'${id}'`).replace('$4', '5') ?? ''}`,
    )
    expect(JSON.stringify(plan)).toContain('contents_of_author')
    expect((await predictionOf(id))?.because).toBeNull()
  })
})

describe('a head', () => {
  it('says which streams it takes', () => {
    const inputs = [
      { name: 'frames', shape: [1, -1, 4] },
      { name: 'frame_mask', shape: [1, -1] },
    ]
    const session = { model: { ref: 'f/1', manifest: { inputs } } }
    const head = new FusionHead(session as never)
    expect([head.takes('video'), head.takes('text'), head.takes('speech')]).toEqual([true, false, false])
  })
})
