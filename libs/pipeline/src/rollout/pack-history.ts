import { ReeltagError } from '@reeltag/contracts'
import type { Database, Transaction } from '@reeltag/platform'
import { findWorkspace } from './find-workspace.js'
import type { PackChange } from './pack-change.js'
import { endShadow } from './pack-shadows.js'

export interface PackActivationRow {
  readonly pack: string
  readonly previous: string
  readonly actor: string
  readonly createdAt: Date
  readonly rolledBackAt: Date | null
  readonly rolledBackBy: string | null
}

export interface WorkspacePacks {
  readonly workspace: string
  readonly pack: string
}

/** Which pack is in force in which workspace, and how it came to that. */
export class PackHistory {
  constructor(private readonly db: Database) {}

  async all(): Promise<WorkspacePacks[]> {
    return this.db.query<WorkspacePacks>(`SELECT name AS workspace, pack FROM workspaces ORDER BY name`)
  }

  /** @throws NOT_FOUND */
  async of(workspace: string): Promise<WorkspacePacks> {
    const { pack } = await findWorkspace(this.db, workspace)
    return { workspace, pack }
  }

  /** Newest first. */
  async activations(workspace: string): Promise<PackActivationRow[]> {
    return this.db.query<PackActivationRow>(
      `SELECT a.pack, a.previous, a.actor, a.created_at AS "createdAt", a.rolled_back_at AS "rolledBackAt",
         a.rolled_back_by AS "rolledBackBy"
       FROM pack_activations a JOIN workspaces w ON w.id = a.workspace_id WHERE w.name = $1 ORDER BY a.id DESC`,
      [workspace],
    )
  }

  /** Contents that are accepted from now on are tagged with it. @returns the pack before; the same where nothing changed */
  async activate({ workspace, actor }: PackChange, pack: string): Promise<string> {
    return this.db.transaction(
      async (tx) => {
        const { id, pack: previous } = await findWorkspace(tx, workspace, 'FOR UPDATE')
        if (previous === pack) return previous
        await bringIntoForce(tx, id, pack)
        await tx.query(`INSERT INTO pack_activations (workspace_id, pack, previous, actor) VALUES ($1, $2, $3, $4)`, [
          id,
          pack,
          previous,
          actor,
        ])
        return previous
      },
      { durable: true },
    )
  }

  /** What `rollback` would return to. @throws NOT_FOUND, PACK_NO_PREVIOUS */
  async previous(workspace: string): Promise<string> {
    const { id } = await findWorkspace(this.db, workspace)
    return (await lastStanding(this.db, id)).previous
  }

  /** Back to the pack before. Again: to the one before that. @throws NOT_FOUND, PACK_NO_PREVIOUS */
  async rollback({ workspace, actor }: PackChange): Promise<{ readonly from: string; readonly to: string }> {
    return this.db.transaction(
      async (tx) => {
        const { id, pack } = await findWorkspace(tx, workspace, 'FOR UPDATE')
        const last = await lastStanding(tx, id)
        await bringIntoForce(tx, id, last.previous)
        await tx.query(`UPDATE pack_activations SET rolled_back_at = now(), rolled_back_by = $2 WHERE id = $1`, [
          last.id,
          actor,
        ])
        return { from: pack, to: last.previous }
      },
      { durable: true },
    )
  }
}

/** A pack that is in force needs no shadow any more. */
const bringIntoForce = async (tx: Transaction, workspaceId: string, pack: string): Promise<void> => {
  await tx.query(`UPDATE workspaces SET pack = $2 WHERE id = $1`, [workspaceId, pack])
  await endShadow(tx, { workspaceId, state: 'activated', pack })
}

const lastStanding = async (tx: Transaction, workspaceId: string): Promise<{ id: string; previous: string }> => {
  const [row] = await tx.query<{ id: string; previous: string }>(
    `SELECT id, previous FROM pack_activations WHERE workspace_id = $1 AND rolled_back_at IS NULL ORDER BY id DESC LIMIT 1`,
    [workspaceId],
  )
  if (row === undefined) throw new ReeltagError('PACK_NO_PREVIOUS', 'no activation is left to roll back')
  return row
}
