import { toFloat16Bytes, type PolicyDocument, type Publish } from '@reeltag/contracts'
import { decideContent, type FacetToDecide } from '@reeltag/decisions'
import { PredictionsRepository, WorkspaceKeys } from '@reeltag/pipeline'
import { Database, Metrics, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase } from '@reeltag/testing'
import path from 'node:path'
import { KnownPolicies } from '../audits/known-policies.js'
import { PackFacets } from '../policies/pack-facets.js'
import { PoliciesRepository, type PolicyRow } from '../policies/policies.repository.js'
import { Redecider } from './redecider.js'
import { RedecisionsRepository, type RedecisionRow } from './redecisions.repository.js'

const root = path.resolve(import.meta.dirname, '../../../..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
export const pack = 'starter/2.0.0'
const versions = { pack, vision: 'v/1', text: 't/1', fusion: 'f/1', taxonomy: 'starter/2', sampling: 'even-4' }

export interface Tagged {
  /** How much likelier than others the head says that it is a cat; 20: sure, 0: no idea. */
  readonly logit?: number
  readonly kept?: boolean
  readonly of?: string
  /** Facets whose scores are kept. */
  readonly facets?: readonly string[]
}

export interface EventRow {
  readonly name: string
  readonly content_id: string
  readonly revision: number
  readonly data: {
    readonly predictionId: string
    readonly supersedes?: { readonly revision: number; readonly predictionId: string } | null
    readonly tags: readonly { readonly path: string }[]
  }
}

/** Contents that the starter pack has tagged, and policies that decide them otherwise, on a real Postgres. */
export class RedecisionsFixture {
  readonly policies: PoliciesRepository
  readonly redecisions: RedecisionsRepository
  private readonly packs = new PackFacets(folders)
  private readonly predictions = new PredictionsRepository()

  private constructor(
    readonly db: Database,
    private readonly facets: readonly FacetToDecide[],
    private readonly drop: () => Promise<void>,
  ) {
    this.policies = new PoliciesRepository(db)
    this.redecisions = new RedecisionsRepository(db, this.policies)
  }

  static async open(): Promise<RedecisionsFixture> {
    const { url, drop } = await createTestDatabase()
    return new RedecisionsFixture(new Database(url, { poolMax: 8 }), await new PackFacets(folders).of(pack), drop)
  }

  /** As a process of its own has it. */
  redecider(db = this.db): Redecider {
    return new Redecider(
      db,
      this.policies,
      new KnownPolicies(this.policies, this.packs),
      this.packs,
      new WorkspaceKeys(db),
      new Metrics(),
    )
  }

  addWorkspace(): Promise<string> {
    return addWorkspace(this.db, { pack })
  }

  /** @returns the contents in the order of their ids */
  async tagged(workspaceId: string, count: number, wanted: Tagged = {}): Promise<string[]> {
    const { logit = 20, kept = true, of = pack, facets = this.facets.map(({ facet }) => facet.id) } = wanted
    const ids = Array.from({ length: count }, () => newId()).sort()
    const logits = Object.fromEntries(
      this.facets.map(({ facet, leaves }) => [facet.id, Float32Array.from(leaves, (it) => (it === 'cat' ? logit : 0))]),
    )
    const decided = decideContent(this.facets, logits, 'video')
    await this.db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision, created_at)
       SELECT id, $2, $3, $4, '{}', '{video}', 'x', 1, now() - interval '1 hour' FROM unnest($1::uuid[]) AS d(id)`,
      [ids, workspaceId, decided.decision === 'published' ? 'published' : 'in_review', of],
    )
    const made = ids.map((contentId) => ({
      id: newId(),
      contentId,
      workspaceId,
      revision: 1,
      attempt: 1,
      inputHash: 'x',
      mask: 'video',
      modalities: ['video' as const],
      versions: { ...versions, pack: of },
      scores: { facets, logits: facets.map((id) => toFloat16Bytes(logits[id] ?? new Float32Array())) },
      ...decided,
    }))
    await this.db.transaction((tx) => this.predictions.insert(tx, made), { durable: false })
    if (!kept) await this.db.query(`DELETE FROM prediction_scores WHERE content_id = ANY($1::uuid[])`, [ids])
    return ids
  }

  /** Brings a policy into force that publishes subjects in this way, in the place of the one that is. */
  async inForce(workspaceId: string, publish: Publish): Promise<PolicyRow> {
    const document: PolicyDocument = {
      format: 1,
      pack,
      targets: [],
      delta: 0.1,
      facets: { subject: { temperature: { video: 1 }, publish: { video: publish }, role: 'deciding' } },
      evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
    }
    const { id } = await this.policies.insert({ workspaceId, name: 'other', document, actor: 'li' })
    await this.db.query(`UPDATE policies SET state = 'replayed' WHERE id = $1`, [id])
    const replaces = (await this.policies.active(workspaceId))?.ref ?? null
    const change = { workspaceId, id, replaces, actor: 'li' }
    return (await this.db.transaction((tx) => this.policies.activate(tx, change), { durable: false })).policy
  }

  async retire(workspaceId: string, id: string): Promise<void> {
    await this.db.transaction((tx) => this.policies.retire(tx, workspaceId, id, 'li'), { durable: false })
  }

  /** Begins one, as if some seconds ago: nobody decides any more by what was in force before. */
  async begun(workspaceId: string, policy: string | null): Promise<RedecisionRow> {
    const row = await this.redecisions.start({ workspaceId, actor: 'li' }, policy)
    await this.db.query(`UPDATE redecisions SET created_at = created_at - interval '5 s' WHERE id = $1`, [row.id])
    return row
  }

  /** Works until nothing more can be done, while what is told is published at once. */
  async work(redecider = this.redecider()): Promise<void> {
    for (let [more, told] = [true, 0]; more || told > 0;) {
      more = await redecider.work()
      told = await this.tell()
    }
  }

  /** As the relay does. @returns how many events waited */
  async tell(): Promise<number> {
    const rows = await this.db.query(`UPDATE outbox SET published_at = now() WHERE published_at IS NULL RETURNING 1`)
    return rows.length
  }

  events(contentId: string): Promise<EventRow[]> {
    return this.db.query<EventRow>(
      `SELECT name, content_id, revision, data FROM outbox WHERE content_id = $1 ORDER BY id`,
      [contentId],
    )
  }

  results(contentId: string) {
    return this.db.query<{
      id: string
      revision: number
      decision: string
      tags: unknown[]
      versions: object
      scored: boolean
    }>(
      `SELECT p.id, p.revision, p.decision, p.tags, p.versions, s.prediction_id IS NOT NULL AS scored
       FROM predictions p LEFT JOIN prediction_scores s ON s.prediction_id = p.id WHERE p.content_id = $1 ORDER BY p.revision`,
      [contentId],
    )
  }

  /** How many contents of a workspace are in each state at each revision. */
  async states(workspaceId: string): Promise<Record<string, number>> {
    const rows = await this.db.query<{ at: string; n: number }>(
      `SELECT state || ' ' || revision AS at, count(*)::int AS n FROM contents WHERE workspace_id = $1 GROUP BY 1`,
      [workspaceId],
    )
    return Object.fromEntries(rows.map(({ at, n }) => [at, n]))
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
  }
}
