import { Injectable } from '@nestjs/common'
import { ReeltagError } from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { Database, newId, type Transaction } from '@reeltag/platform'
import { z } from 'zod'
import { PoliciesRepository } from '../policies/policies.repository.js'

export interface RedecisionRow {
  readonly id: string
  /** The policy that decides, `name/number`; null: the pack. */
  readonly policy: string | null
  readonly pack: string
  readonly state: 'running' | 'done' | 'stopped' | 'superseded'
  readonly actor: string
  readonly total: number
  readonly examined: number
  readonly changed: number
  readonly unchanged: number
  readonly without_result: number
  readonly postponed: number
  readonly undecidable: Readonly<Record<string, number>>
  readonly created_at: Date
  readonly finished_at: Date | null
}

const columns = `r.id, (SELECT name || '/' || number FROM policies p WHERE p.id = r.policy_id) AS policy, r.pack, r.state, r.actor,
  r.total, r.examined, r.changed, r.unchanged, r.without_result, coalesce(cardinality(r.postponed), 0) AS postponed,
  r.undecidable, r.created_at, r.finished_at`

/** Orders to decide the past of a workspace anew; Redecider carries them out. */
@Injectable()
export class RedecisionsRepository {
  constructor(
    private readonly db: Database,
    private readonly policies: PoliciesRepository,
  ) {}

  /**
   * Begins one with what is in force. Asking while that one is running gives it.
   * @param policy that the caller believes to be in force, id or `name/number`; null for none
   * @throws NOT_FOUND, POLICY_CONFLICT, POLICY_PACK_DIFFERS
   */
  start(
    { workspaceId, actor }: { readonly workspaceId: string; readonly actor: string },
    policy: string | null,
  ): Promise<RedecisionRow> {
    return this.db.transaction(
      async (tx) => {
        const pack = await this.policies.lock(tx, workspaceId)
        const policyId = await this.inForce(tx, workspaceId, policy, pack)
        const [running] = await tx.query<RedecisionRow & { same: boolean }>(
          `SELECT ${columns}, r.policy_id IS NOT DISTINCT FROM $2::uuid AND r.pack = $3 AS same FROM redecisions r
           WHERE r.workspace_id = $1 AND r.state = 'running' FOR UPDATE OF r`,
          [workspaceId, policyId, pack],
        )
        if (running?.same === true) return running
        if (running !== undefined) await endRedecision(tx, running.id, 'superseded')
        const [row] = await tx.query<RedecisionRow>(
          `WITH r AS (
             INSERT INTO redecisions (id, workspace_id, policy_id, pack, state, actor, postponed, total)
             SELECT $1, $2, $3, $4, 'running', $5, '{}', count(*) FROM contents WHERE workspace_id = $2 RETURNING *)
           SELECT ${columns} FROM r`,
          [newId(), workspaceId, policyId, pack, actor],
        )
        if (row === undefined) throw new Error('an insert returned nothing')
        return row
      },
      { durable: true },
    )
  }

  /** @returns undefined where there is no such redecision */
  async find(workspaceId: string, id: string): Promise<RedecisionRow | undefined> {
    if (!z.uuid().safeParse(id).success) return undefined
    const [row] = await this.db.query<RedecisionRow>(
      `SELECT ${columns} FROM redecisions r WHERE r.workspace_id = $1 AND r.id = $2`,
      [workspaceId, id],
    )
    return row
  }

  /** Newest first, one row more than the limit. */
  list(workspaceId: string, limit: number, after: Cursor | undefined): Promise<RedecisionRow[]> {
    return this.db.query<RedecisionRow>(
      `SELECT ${columns} FROM redecisions r
       WHERE r.workspace_id = $1 AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2::timestamptz, $3::uuid))
       ORDER BY r.created_at DESC, r.id DESC LIMIT $4`,
      [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    )
  }

  /** What was decided anew stays; nothing more is. @returns undefined where there is no such redecision */
  async stop(workspaceId: string, id: string): Promise<RedecisionRow | undefined> {
    if ((await this.find(workspaceId, id)) === undefined) return undefined
    await endRedecision(this.db, id, 'stopped')
    return this.find(workspaceId, id)
  }

  private async inForce(
    tx: Transaction,
    workspaceId: string,
    wanted: string | null,
    pack: string,
  ): Promise<string | null> {
    const policy = wanted === null ? undefined : await this.policies.get(workspaceId, wanted, tx)
    const active = await this.policies.active(workspaceId, tx)
    if (active?.id !== policy?.id)
      throw new ReeltagError(
        'POLICY_CONFLICT',
        `in force is ${nameOf(active?.ref)}; the request decides by ${nameOf(policy?.ref)}`,
      )
    if (active !== undefined && active.pack !== pack)
      throw new ReeltagError('POLICY_PACK_DIFFERS', `${active.ref} decides on ${active.pack}; in force is ${pack}`)
    return active?.id ?? null
  }
}

export const endRedecision = async (
  tx: Pick<Transaction, 'query'>,
  id: string,
  state: 'done' | 'stopped' | 'superseded',
): Promise<void> => {
  await tx.query(
    `UPDATE redecisions SET state = $2, updated_at = now(), finished_at = now() WHERE id = $1 AND state = 'running'`,
    [id, state],
  )
}

const nameOf = (ref: string | undefined): string => (ref === undefined ? 'no policy (null)' : `"${ref}"`)
