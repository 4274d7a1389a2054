import { toFloat16Bytes, type PolicyDocument, type Publish, type tagsPublishedV1 } from '@reeltag/contracts'
import { Inbox, type ReceivedEvent } from '@reeltag/events'
import { PredictionScores } from '@reeltag/pipeline'
import { Database, Metrics, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase } from '@reeltag/testing'
import path from 'node:path'
import { openLabels } from '../labels/open-labels.js'
import { PackFacets } from '../policies/pack-facets.js'
import { PoliciesRepository, type PolicyRow } from '../policies/policies.repository.js'
import { AuditChoice } from './audit-choice.js'
import { WorkspaceKeys } from '@reeltag/pipeline'
import { AuditsConsumer } from './audits.consumer.js'
import { AuditsController } from './audits.controller.js'
import { AuditsRepository } from './audits.repository.js'
import { KnownPolicies } from './known-policies.js'

const root = path.resolve(import.meta.dirname, '../../../..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
const pack = 'starter/2.0.0'
const taxonomy = 'starter/2'

export const cat = 'animals/pets-and-livestock/cat'
export const dog = 'animals/pets-and-livestock/dog'
export const apple = 'food/fruit/apple'

export interface AuditRow {
  readonly content_id: string
  readonly policy_id: string
  readonly facet: string
  readonly mask: string
  readonly under: string
  readonly path: string
  readonly propensity: number
  readonly correct: boolean | null
}

/** Contents that a policy published, and what audits make of them, on a real Postgres. */
export class AuditsFixture {
  readonly audits: AuditsRepository
  readonly policies: PoliciesRepository
  readonly summary: AuditsController
  readonly metrics = new Metrics()
  readonly labels

  private constructor(
    readonly db: Database,
    private readonly leaves: readonly string[],
    private readonly drop: () => Promise<void>,
  ) {
    this.audits = new AuditsRepository(db)
    this.policies = new PoliciesRepository(db)
    this.summary = new AuditsController(this.audits, this.policies)
    this.labels = openLabels(db, folders)
  }

  static async open(): Promise<AuditsFixture> {
    const { url, drop } = await createTestDatabase()
    const subject = (await new PackFacets(folders).of(pack)).find(({ facet }) => facet.id === 'subject')
    return new AuditsFixture(new Database(url, { poolMax: 8 }), subject?.leaves ?? [], drop)
  }

  /** As a process of its own has it. */
  consumer(share = 1, metrics = this.metrics): AuditsConsumer {
    const known = new KnownPolicies(this.policies, new PackFacets(folders))
    const scores = new PredictionScores(this.db)
    const choice = new AuditChoice(new WorkspaceKeys(this.db), share)
    const inbox = new Inbox(this.db)
    return new AuditsConsumer(inbox, this.audits, known, choice, scores, metrics)
  }

  addWorkspace(): Promise<string> {
    return addWorkspace(this.db, { pack })
  }

  /** A policy in force, with a promise of 5 % for each of these groups. */
  async activePolicy(
    workspaceId: string,
    groups: readonly (string | null)[],
    more: Partial<PolicyDocument> = {},
  ): Promise<PolicyRow> {
    const group = (under: string | null) => ({ under, error: 0.05, at: 0.6, n: 200, k: 3, bound: 0.04, level: 0.05 })
    const publish: Publish = { kind: 'certified', delta: 0.1, groups: groups.map(group) }
    const document: PolicyDocument = {
      format: 1,
      pack,
      targets: [{ facet: 'subject', error: 0.05 }],
      delta: 0.1,
      facets: { subject: { temperature: { video: 1 }, publish: { video: publish }, role: 'deciding' } },
      evidence: { labelled: 400, calibrated: 200, certified: 200, leftOut: {} },
      ...more,
    }
    const { id } = await this.policies.insert({ workspaceId, name: 'five', document, actor: 'li' })
    await this.db.query(`UPDATE policies SET state = 'replayed' WHERE id = $1`, [id])
    return this.activate(workspaceId, id, null)
  }

  async activate(workspaceId: string, id: string, replaces: string | null): Promise<PolicyRow> {
    const wanted = { workspaceId, id, replaces, actor: 'li' }
    const { policy } = await this.db.transaction((tx) => this.policies.activate(tx, wanted), { durable: false })
    return policy
  }

  async addContent(workspaceId: string): Promise<string> {
    const id = newId()
    await this.db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       VALUES ($1, $2, 'published', $3, '{}', '{video}', 'x', 1)`,
      [id, workspaceId, pack],
    )
    return id
  }

  /** A result of the policy: `path` is published, and `likely` is the likeliest leaf. Its scores are kept unless told otherwise. */
  async publish(
    policy: PolicyRow,
    { path: published = cat, likely = 'cat', kept = true } = {},
  ): Promise<ReceivedEvent<typeof tagsPublishedV1>> {
    const { workspace_id: workspaceId, ref } = policy
    const contentId = await this.addContent(workspaceId)
    const predictionId = newId()
    await this.db.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
       VALUES ($1, $2, $3, 1, 'published', '{video}', '[]', '{}', 'x', 1)`,
      [predictionId, contentId, workspaceId],
    )
    const logits = Float32Array.from(this.leaves, (leaf) => (leaf === likely ? 9 : 0))
    if (kept)
      await this.db.query(
        `INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
         VALUES ($1, $2, $3, 1, $4, 'starter-fusion/2.0.0', 'video', '{subject}', $5)`,
        [predictionId, contentId, workspaceId, pack, [toFloat16Bytes(logits)]],
      )
    const tag = { facet: 'subject', path: published, names: [], confidence: 0.9 }
    return {
      specversion: '1.0',
      id: newId(),
      source: '/reeltag/classify',
      type: 'tags.published.v1',
      subject: contentId,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      workspaceid: workspaceId,
      sequence: 1,
      revision: 1,
      schemaversion: 1,
      data: {
        contentId,
        predictionId,
        revision: 1,
        decision: 'published',
        tags: [
          { ...tag, status: 'published' },
          { ...tag, path: dog, status: 'candidate' },
        ],
        versions: { pack, vision: 'v/1', text: 't/1', fusion: 'f/1', taxonomy, sampling: 'even-4', policy: ref },
      },
    }
  }

  /** Open audits of one group, each of a content of its own. @returns the contents */
  async choose(policy: PolicyRow, count: number, { under = null as string | null, path: published = cat } = {}) {
    const contents: string[] = []
    for (let i = 0; i < count; i++) {
      const contentId = await this.addContent(policy.workspace_id)
      contents.push(contentId)
      const tag = { facet: 'subject', mask: 'video', under, path: published }
      const { id: policyId, workspace_id: workspaceId } = policy
      const proofId = policy.derived_from ?? policyId
      const audit = { workspaceId, contentId, predictionId: newId(), revision: 1, policyId, proofId, taxonomy }
      await this.db.transaction((tx) => this.audits.add(tx, { ...audit, propensity: 0.1, tags: [tag] }), {
        durable: false,
      })
    }
    return contents
  }

  /** What somebody says who looked at these contents. */
  answer(workspaceId: string, contents: readonly string[], said: string | null, more: object = {}) {
    const at = new Date().toISOString()
    const label = { facet: 'subject', path: said, source: 'audit' as const, who: 'wu', at, propensity: null }
    return this.labels.store(
      workspaceId,
      contents.map((contentId) => ({ ...label, contentId, ...more })),
      { who: label.who, at },
    )
  }

  rows(workspaceId: string): Promise<AuditRow[]> {
    return this.db.query<AuditRow>(`SELECT * FROM audits WHERE workspace_id = $1 ORDER BY id`, [workspaceId])
  }

  events(workspaceId: string): Promise<{ name: string; data: Record<string, unknown> }[]> {
    return this.db.query(`SELECT name, data FROM outbox WHERE workspace_id = $1 ORDER BY id`, [workspaceId])
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
  }
}
