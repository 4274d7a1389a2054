import { defineStage, type Pipeline, type StageDefinition } from '@reeltag/contracts'
import { Health, loadConfig, Metrics, SilentTracing, type Config } from '@reeltag/platform'
import { z } from 'zod'
import { PipelineFixture, noBlobs, silent } from './pipeline.fixture.js'
import { createRuntime, type Runtime } from './runtime.js'
import type { FinishedStage, StageTask } from './stages/stage-task.js'

const stageOf = (name: string, needs: readonly string[]): StageDefinition =>
  defineStage({ stage: name, job: `test.${name}`, service: 'fusion', queue: name, needs, output: z.unknown() })

const first = stageOf('first', [])
const last = stageOf('last', ['first'])
/** Two stages behind each other: every content goes through both queues. */
const pipeline: Pipeline = [first, last]

type Work = (task: StageTask) => Promise<void>

export interface ProcessOptions extends Partial<Config['queues']> {
  readonly concurrencyOfHandlers?: number
  readonly kafka?: Config['kafka']
  /** Takes these events, and does nothing with them. */
  readonly consumes?: readonly string[]
}

/** Several processes on one Postgres and one store of queues; a process is a runtime with two handlers. */
export class Processes {
  readonly first = first.job
  /** Everything that handlers began, in order. */
  readonly begun: Pick<StageTask, 'contentId' | 'stage' | 'attempt'>[] = []
  /** What a handler does before it finishes. */
  work: Work = () => Promise.resolve()
  private readonly runtimes = new Set<Runtime>()

  private constructor(readonly fixture: PipelineFixture) {}

  static async open(): Promise<Processes> {
    return new Processes(await PipelineFixture.open(pipeline))
  }

  async start({ concurrencyOfHandlers = 4, kafka, consumes = [], ...queues }: ProcessOptions = {}): Promise<Runtime> {
    const { db, url: connectionString } = this.fixture
    const base = loadConfig({})
    const config = { ...base, services: ['fusion'], kafka, queues: { ...base.queues, ...queues } }
    const rest = { logger: silent, metrics: new Metrics(), health: new Health(), blobs: await noBlobs(db) }
    const runtime = await createRuntime(
      { config, connectionString, db, tracing: new SilentTracing(), ...rest },
      { pipeline },
    )
    for (const { job: definition } of pipeline) {
      const handle = (task: StageTask) => this.handle(task)
      runtime.handlers.add({ definition, concurrency: concurrencyOfHandlers, handle })
    }
    runtime.bus.subscribe('review', consumes, () => Promise.resolve())
    runtime.start()
    this.runtimes.add(runtime)
    return runtime
  }

  async stop(runtime: Runtime): Promise<void> {
    this.runtimes.delete(runtime)
    await runtime.stop(10_000)
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.runtimes].map((runtime) => this.stop(runtime)))
  }

  accept(count: number, priority: 'interactive' | 'backfill' = 'interactive'): Promise<string[]> {
    const submission = { title: '小猫', language: 'zh' as const, priority }
    return Promise.all(Array.from({ length: count }, () => this.fixture.accept({ video: null, submission })))
  }

  /** Waits until every content has its result. @returns the visible results, one a content */
  async untilTerminal(ids: readonly string[], seconds = 30): Promise<number> {
    const deadline = performance.now() + seconds * 1_000
    for (;;) {
      const rows = await this.fixture.db.query<{ state: string; revision: number }>(
        `SELECT state, revision FROM contents WHERE id = ANY($1::uuid[])`,
        [ids],
      )
      const open = rows.filter(({ state }) => state !== 'published')
      if (open.length === 0) return rows.filter(({ revision }) => revision === 1).length
      if (performance.now() > deadline) throw new Error(`${open.length} of ${ids.length} contents are not terminal`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** How often each of these contents' stages was begun at most. */
  beginsMax(ids: readonly string[]): number {
    const counts = new Map<string, number>()
    for (const { contentId, stage } of this.begun) {
      if (ids.includes(contentId)) counts.set(`${contentId} ${stage}`, (counts.get(`${contentId} ${stage}`) ?? 0) + 1)
    }
    return Math.max(0, ...counts.values())
  }

  async close(): Promise<void> {
    await this.stopAll()
    await this.fixture.close()
  }

  private async handle(task: StageTask): Promise<FinishedStage> {
    const { contentId, stage, attempt } = task
    this.begun.push({ contentId, stage, attempt })
    await this.work(task)
    return stage === 'last' ? { output: {}, contentState: 'published', durable: true } : { output: {} }
  }
}
