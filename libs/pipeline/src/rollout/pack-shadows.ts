import { ReeltagError, type Decision, type Tag, type Versions } from '@reeltag/contracts'
import type { Database, Transaction } from '@reeltag/platform'
import { newId } from '@reeltag/platform'
import { findWorkspace } from './find-workspace.js'
import type { PackChange } from './pack-change.js'

export interface PackShadow {
  readonly id: string
  readonly pack: string
  readonly share: number
  readonly actor: string
  readonly state: 'running' | 'stopped' | 'activated'
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** What two packs said of one content. */
export interface ShadowPair {
  readonly contentId: string
  readonly active: Judgement
  readonly shadow: Judgement
}

export interface Judgement {
  readonly decision: Decision
  readonly tags: readonly Tag[]
  readonly versions: Versions
}

/** A pack whose results a shadow stands beside. */
export interface ShadowBeside {
  readonly pack: string
  readonly taxonomy: string
  /** Of the shadow. */
  readonly ownTaxonomy: string
  readonly contents: number
}

/** How far a shadow has come: contents by state, and those that failed by code. */
export interface ShadowProgress {
  readonly waiting: number
  readonly done: number
  readonly failed: Readonly<Record<string, number>>
}

const columns = `s.id, s.pack, s.share, s.actor, s.state, s.created_at AS "createdAt", s.ended_at AS "endedAt"`
const pairsFrom = `shadow_predictions s JOIN predictions p ON p.content_id = s.content_id AND p.revision = s.revision
  WHERE s.shadow_id = $1 AND s.state = 'done'`
const pairsMax = 1_000

/** Which pack tags beside the one in force, and what came of it. */
export class PackShadows {
  constructor(private readonly db: Database) {}

  /** Whether `start` would do it. @throws NOT_FOUND, PACK_IN_FORCE, PACK_SHADOWED */
  async assertStartable(workspace: string, pack: string): Promise<void> {
    const found = await findWorkspace(this.db, workspace)
    await assertFree(this.db, found, pack)
  }

  /**
   * New contents are tagged with it beside the pack in force. Of a pack that is shadowed already, the share changes.
   * @throws NOT_FOUND, PACK_IN_FORCE, PACK_SHADOWED
   */
  async start({ workspace, actor }: PackChange, pack: string, share: number): Promise<void> {
    await this.db.transaction(
      async (tx) => {
        const found = await findWorkspace(tx, workspace, 'FOR UPDATE')
        await assertFree(tx, found, pack)
        await tx.query(
          `INSERT INTO pack_shadows (id, workspace_id, pack, share, actor, state, sequence)
           VALUES ($1, $2, $3, $4, $5, 'running', (SELECT coalesce(max(sequence), 0) FROM outbox))
           ON CONFLICT (workspace_id) WHERE state = 'running' DO UPDATE SET share = EXCLUDED.share`,
          [newId(), found.id, pack, share, actor],
        )
      },
      { durable: true },
    )
  }

  /** What it has said is kept, what it had still to say is not. @throws NOT_FOUND, PACK_NOT_SHADOWED */
  async stop(workspace: string): Promise<PackShadow> {
    return this.db.transaction(
      async (tx) => {
        const { id } = await findWorkspace(tx, workspace, 'FOR UPDATE')
        const shadow = await endShadow(tx, { workspaceId: id, state: 'stopped' })
        if (shadow === undefined) throw new ReeltagError('PACK_NOT_SHADOWED', `nothing is shadowed in ${workspace}`)
        return shadow
      },
      { durable: true },
    )
  }

  /** The one that runs, or the one that ended last. @throws NOT_FOUND, PACK_NOT_SHADOWED */
  async latest(workspace: string): Promise<PackShadow> {
    const { id } = await findWorkspace(this.db, workspace)
    const [row] = await this.db.query<PackShadow>(
      `SELECT ${columns} FROM pack_shadows s WHERE s.workspace_id = $1 ORDER BY s.created_at DESC, s.id DESC LIMIT 1`,
      [id],
    )
    if (row === undefined) throw new ReeltagError('PACK_NOT_SHADOWED', `nothing has been shadowed in ${workspace}`)
    return row
  }

  async progress({ id }: PackShadow): Promise<ShadowProgress> {
    const rows = await this.db.query<{ state: string; code: string | null; n: number }>(
      `SELECT state, error_code AS code, count(*)::int AS n FROM shadow_predictions WHERE shadow_id = $1
       GROUP BY state, error_code`,
      [id],
    )
    const of = (state: string): number => rows.filter((row) => row.state === state).reduce((sum, { n }) => sum + n, 0)
    const failed = rows.filter(({ state }) => state === 'failed').map(({ code, n }) => [code ?? 'INTERNAL', n] as const)
    return { waiting: of('waiting'), done: of('done'), failed: Object.fromEntries(failed) }
  }

  /** Whose results it stands beside. */
  async beside({ id }: PackShadow): Promise<ShadowBeside[]> {
    return this.db.query<ShadowBeside>(
      `SELECT p.versions->>'pack' AS pack, p.versions->>'taxonomy' AS taxonomy, s.versions->>'taxonomy' AS "ownTaxonomy",
         count(*)::int AS contents
       FROM ${pairsFrom} GROUP BY 1, 2, 3 ORDER BY 4 DESC`,
      [id],
    )
  }

  /** Page by page: there may be millions. */
  async *pairs({ id }: PackShadow): AsyncGenerator<readonly ShadowPair[]> {
    let after: string | null = null
    for (;;) {
      const page: ShadowPair[] = await this.db.query<ShadowPair>(
        `SELECT s.content_id AS "contentId",
           json_build_object('decision', p.decision, 'tags', p.tags, 'versions', p.versions) AS active,
           json_build_object('decision', s.decision, 'tags', s.tags, 'versions', s.versions) AS shadow
         FROM ${pairsFrom} AND ($2::uuid IS NULL OR s.content_id > $2::uuid)
         ORDER BY s.content_id LIMIT ${pairsMax}`,
        [id, after],
      )
      yield page
      after = page.at(-1)?.contentId ?? null
      if (page.length < pairsMax) return
    }
  }
}

const assertFree = async (
  tx: Transaction,
  workspace: { readonly id: string; readonly pack: string },
  pack: string,
): Promise<void> => {
  if (workspace.pack === pack) throw new ReeltagError('PACK_IN_FORCE', `${pack} is in force`)
  const [other] = await tx.query<{ pack: string }>(
    `SELECT pack FROM pack_shadows WHERE workspace_id = $1 AND state = 'running' AND pack <> $2`,
    [workspace.id, pack],
  )
  if (other !== undefined) throw new ReeltagError('PACK_SHADOWED', `${other.pack} is being shadowed`)
}

/** Ends what runs in a workspace; of this pack only, where one is named. The caller holds the workspace's lock. */
export const endShadow = async (
  tx: Transaction,
  { workspaceId, state, pack = null }: { workspaceId: string; state: PackShadow['state']; pack?: string | null },
): Promise<PackShadow | undefined> => {
  const [ended] = await tx.query<PackShadow>(
    `UPDATE pack_shadows s SET state = $2, ended_at = now()
     WHERE s.workspace_id = $1 AND s.state = 'running' AND ($3::text IS NULL OR s.pack = $3) RETURNING ${columns}`,
    [workspaceId, state, pack],
  )
  if (ended !== undefined)
    await tx.query(`DELETE FROM shadow_predictions WHERE shadow_id = $1 AND state = 'waiting'`, [ended.id])
  return ended
}
