import { defineStage, type Modality, type Pipeline, type StageDefinition } from '@reeltag/contracts'
import { createLogger, Database, newId, openBlobs, type Blobs } from '@reeltag/platform'
import { addWorkspace, createTestDatabase } from '@reeltag/testing'
import os from 'node:os'
import { z } from 'zod'
import { Outbox } from '@reeltag/events'
import type { Acceptance } from './stages/accept-contents.js'
import type { BegunTask } from './stages/begin-stages.js'
import { StageStore } from './stages/stage.store.js'
import type { NewContent, StageTask } from './stages/stage-task.js'

const of = (modality: Modality | undefined, stage: string, needs: readonly string[]): StageDefinition =>
  defineStage({
    stage,
    job: `test.${stage}`,
    service: 'fusion',
    queue: stage,
    of: modality,
    needs,
    output: z.unknown(),
  })

/** Two roots that join, as small as a pipeline with a race can be. */
export const joiningPipeline: Pipeline = [
  of('video', 'left', []),
  of('text', 'right', []),
  of(undefined, 'join', ['left', 'right']),
]

export const silent = createLogger({ level: 'silent' })

/** A store for runtimes of which no stage stores anything. */
export const noBlobs = (db: Database): Promise<Blobs> =>
  openBlobs({ address: { kind: 'folder', folder: os.tmpdir() }, spoolFolder: os.tmpdir() }, db)

export class PipelineFixture {
  readonly outbox = new Outbox()
  readonly stages: StageStore

  private constructor(
    readonly url: string,
    readonly db: Database,
    readonly workspaceId: string,
    readonly pipeline: Pipeline,
    private readonly drop: () => Promise<void>,
  ) {
    this.stages = new StageStore(db, this.outbox, pipeline)
  }

  static async open(pipeline: Pipeline = joiningPipeline): Promise<PipelineFixture> {
    const { url, drop } = await createTestDatabase()
    const db = new Database(url, { poolMax: 8 })
    const workspaceId = await addWorkspace(db)
    return new PipelineFixture(url, db, workspaceId, pipeline, drop)
  }

  async accept(overrides: Partial<NewContent> = {}, records: Acceptance['records'] = []): Promise<string> {
    const content: NewContent = {
      id: newId(),
      workspaceId: this.workspaceId,
      externalId: null,
      pack: 'starter/2.0.0',
      submission: { title: '小猫', language: 'zh' },
      video: { sha256: '0'.repeat(64), bytes: 1 },
      inputHash: '1'.repeat(64),
      traceparent: null,
      ...overrides,
    }
    await this.stages.accept(content, records)
    return content.id
  }

  /** Begins an attempt as a worker would. */
  async begin(contentId: string, stage: string, attempt = 1): Promise<StageTask> {
    const begun: BegunTask | undefined = await this.stages.begin({ contentId, stage, attempt }, 15)
    if (begun === undefined) throw new Error(`${stage} of ${contentId} could not be begun`)
    return { ...begun, signal: new AbortController().signal, logger: silent }
  }

  async stageOf(
    contentId: string,
    stage: string,
  ): Promise<{ state: string; attempt: number; failures: number } | undefined> {
    const [row] = await this.db.query<{ state: string; attempt: number; failures: number }>(
      `SELECT state, attempt, failures FROM stages WHERE content_id = $1 AND stage = $2`,
      [contentId, stage],
    )
    return row
  }

  async contentOf(id: string): Promise<{ state: string; revision: number; error_code: string | null } | undefined> {
    const [row] = await this.db.query<{ state: string; revision: number; error_code: string | null }>(
      `SELECT state, revision, error_code FROM contents WHERE id = $1`,
      [id],
    )
    return row
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
  }
}
