import { pipeline } from '@reeltag/contracts'
import { Outbox } from '@reeltag/events'
import { StageStore, type NewContent } from '@reeltag/pipeline'
import { Database, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LabelsRepository } from './labels/labels.repository.js'
import type { LabelsService } from './labels/labels.service.js'
import { openLabels } from './labels/open-labels.js'

const root = path.resolve(import.meta.dirname, '../../..')
const pack = 'starter/9.0.0'

const treeOf = (version: number, leaf: string): string => `
format: 1
name: tiny
version: ${version}
facets:
- id: subject
  kind: single
  names: {zh: 主题, en: Subject}
  nodes:
  - id: animals
    names: {zh: 动物, en: Animals}
    children: [{id: ${leaf}, names: {zh: 甲, en: A}}, {id: dog, names: {zh: 狗, en: Dog}}]
  - {id: food, names: {zh: 食物, en: Food}}
- id: style
  kind: multi
  names: {zh: 风格, en: Style}
  nodes: [{id: calm, names: {zh: 静, en: Calm}}, {id: loud, names: {zh: 闹, en: Loud}}, {id: old, names: {zh: 旧, en: Old}}]
`

/** Contents to be labelled, on a real Postgres, and a pack with the tree `tiny/2`; `tiny/1` lies beside it. */
export class LabelsFixture {
  readonly repository: LabelsRepository
  readonly service: LabelsService
  private readonly stages: StageStore

  private constructor(
    readonly url: string,
    readonly db: Database,
    /** For files of labels. */
    readonly folder: string,
    readonly workspaceId: string,
    private readonly drop: () => Promise<void>,
  ) {
    this.repository = new LabelsRepository(db)
    this.service = openLabels(db, this.folders)
    this.stages = new StageStore(db, new Outbox(), pipeline)
  }

  static async open(): Promise<LabelsFixture> {
    const { url, drop } = await createTestDatabase()
    const db = new Database(url, { poolMax: 4 })
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-labels-'))
    const fixture = new LabelsFixture(url, db, folder, await addWorkspace(db, { name: 'default', pack }), drop)
    const manifest = JSON.parse(
      fs.readFileSync(path.join(root, 'models/packs/starter/2.0.0/pack.json'), 'utf8'),
    ) as object
    fixture.write(
      `models/packs/${pack}/pack.json`,
      JSON.stringify({ ...manifest, version: '9.0.0', taxonomy: 'tiny/2' }),
    )
    fixture.write('taxonomies/tiny/1.yaml', treeOf(1, 'lion'))
    fixture.write('taxonomies/tiny/2.yaml', treeOf(2, 'cat'))
    return fixture
  }

  get folders() {
    return { modelsDir: path.join(this.folder, 'models'), taxonomiesDir: path.join(this.folder, 'taxonomies') }
  }

  /** @returns the path of the file */
  write(file: string, text: string | Uint8Array): string {
    const written = path.join(this.folder, file)
    fs.mkdirSync(path.dirname(written), { recursive: true })
    fs.writeFileSync(written, text)
    return written
  }

  addWorkspace(): Promise<string> {
    return addWorkspace(this.db, { pack })
  }

  async addContent(content: Partial<NewContent> = {}): Promise<string> {
    const id = newId()
    const { workspaceId } = this
    const submission = { title: '猫', language: 'zh' as const }
    const rest = { externalId: null, pack, video: null, inputHash: '1'.repeat(64), traceparent: null }
    await this.stages.accept({ id, workspaceId, submission, ...rest, ...content })
    return id
  }

  /** Many contents at once, with the external ids `video-1` and so on. */
  async addContents(count: number): Promise<void> {
    await this.db.query(
      `INSERT INTO contents (id, workspace_id, external_id, state, pack, submission, modalities, input_hash)
       SELECT uuidv7(), $1, 'video-' || n, 'published', $2, '{}', '{text}', 'x' FROM generate_series(1, $3::int) AS n`,
      [this.workspaceId, pack, count],
    )
  }

  /** Every label as it is stored, in order of its moment. */
  labels(): Promise<{ content_id: string; facet: string; path: string; who: string; counts: boolean }[]> {
    return this.db.query(
      `SELECT content_id, facet, path, taxonomy, source, who, at, propensity, superseded_at IS NULL AS counts
       FROM labels ORDER BY at, facet, path, who`,
    )
  }

  async clear(): Promise<void> {
    await this.db.query('DELETE FROM labels')
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
    fs.rmSync(this.folder, { recursive: true, force: true })
  }
}
