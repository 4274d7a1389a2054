import { Injectable } from '@nestjs/common'
import { ReeltagError, type PolicyCurves, type PolicyDocument, type PolicyReplay } from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { Database, newId, type Transaction } from '@reeltag/platform'
import { z } from 'zod'
import { lockWorkspace } from './lock-workspace.js'
import { nameOf, stateOf } from './policy-states.js'

export type PolicyState = 'draft' | 'replayed' | 'active' | 'retired'

export interface PolicyRow {
  readonly id: string
  readonly workspace_id: string
  /** `name/number` */
  readonly ref: string
  readonly state: PolicyState
  readonly pack: string
  /** As stored: PolicyDocument reads it. */
  readonly document: unknown
  readonly replay: PolicyReplay | null
  readonly created_by: string
  readonly created_at: Date
  readonly replayed_at: Date | null
  readonly activated_by: string | null
  readonly activated_at: Date | null
  readonly retired_by: string | null
  readonly retired_at: Date | null
  /** The policy whose proof it stands on, where audits made it from that one. */
  readonly derived_from: string | null
}

export interface NewPolicy {
  readonly workspaceId: string
  readonly name: string
  readonly document: PolicyDocument
  /** Absent where the thresholds were not found by a draft. */
  readonly curves?: PolicyCurves
  readonly actor: string
}

const columns = `id, workspace_id, name || '/' || number AS ref, state, pack, document, replay, created_by, created_at,
  replayed_at, activated_by, activated_at, retired_by, retired_at, derived_from`

interface Change {
  readonly policy: PolicyRow
  /** The caller had done it before: nothing has changed now, and no event is due. */
  readonly isRepeated: boolean
}

interface Activation extends Change {
  /** Whose place it took. */
  readonly retired: PolicyRow | undefined
}

/** The only writer of `policies`. */
@Injectable()
export class PoliciesRepository {
  constructor(private readonly db: Database) {}

  /** Newest first, one row more than the limit. */
  list(workspaceId: string, limit: number, after: Cursor | undefined): Promise<PolicyRow[]> {
    return this.db.query<PolicyRow>(
      `SELECT ${columns} FROM policies
       WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    )
  }

  /** @param id the id, or `name/number`. @throws NOT_FOUND */
  get(workspaceId: string, id: string, tx: Pick<Transaction, 'query'> = this.db): Promise<PolicyRow> {
    return this.read(tx, workspaceId, id)
  }

  active(workspaceId: string, tx: Pick<Transaction, 'query'> = this.db): Promise<PolicyRow | undefined> {
    return tx
      .query<PolicyRow>(`SELECT ${columns} FROM policies WHERE workspace_id = $1 AND state = 'active'`, [workspaceId])
      .then(([row]) => row)
  }

  /**
   * The lock on the workspace gives each policy a number of its own.
   * @param tx a transaction that holds the lock; without it the policy is stored in one of its own
   * @throws NOT_FOUND
   */
  async insert(policy: NewPolicy, tx?: Transaction): Promise<PolicyRow> {
    if (tx === undefined)
      return this.db.transaction(
        async (own) => {
          await lockWorkspace(own, policy.workspaceId)
          return this.insert(policy, own)
        },
        { durable: true },
      )
    const { workspaceId, name, document, curves, actor } = policy
    const [row] = await tx.query<PolicyRow>(
      `INSERT INTO policies (id, workspace_id, name, number, state, pack, document, curves, created_by)
       SELECT $1, $2, $3, coalesce(max(number), 0) + 1, 'draft', $4, $5::jsonb, $6::jsonb, $7 FROM policies
       WHERE workspace_id = $2
       RETURNING ${columns}`,
      [newId(), workspaceId, name, document.pack, JSON.stringify(document), JSON.stringify(curves ?? null), actor],
    )
    if (row === undefined) throw new Error('an insert returned nothing')
    return row
  }

  /** How error grows with what a policy publishes, from the draft that its proof is of. @returns null of older drafts */
  async curves({ id, derived_from: proofId }: PolicyRow): Promise<unknown> {
    const [row] = await this.db.query<{ curves: unknown }>(`SELECT curves FROM policies WHERE id = $1`, [proofId ?? id])
    return row?.curves ?? null
  }

  /** Keeps what a replay found; the policy may then be activated. @throws NOT_FOUND, POLICY_CONFLICT */
  async keepReplay(workspaceId: string, id: string, replay: PolicyReplay): Promise<PolicyRow> {
    const [row] = await this.db.query<PolicyRow>(
      `UPDATE policies SET replay = $3::jsonb, replayed_at = now(), state = CASE state WHEN 'draft' THEN 'replayed' ELSE state END
       WHERE workspace_id = $1 AND id = $2 RETURNING ${columns}`,
      [workspaceId, id, JSON.stringify(replay)],
    )
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no policy ${id}`)
    return row
  }

  /**
   * One transaction: the policy in force is retired and this one takes its place, or nothing happens. Whoever repeats an
   * activation, because its answer was lost, gets the policy as it is.
   * @param replaces the policy that the caller believes to be in force; null for none
   * @throws NOT_FOUND, POLICY_NOT_REPLAYED, POLICY_CONFLICT, POLICY_PACK_DIFFERS
   */
  async activate(
    tx: Transaction,
    { workspaceId, id, replaces, actor }: { workspaceId: string; id: string; replaces: string | null; actor: string },
  ): Promise<Activation> {
    const pack = await lockWorkspace(tx, workspaceId)
    const policy = await this.read(tx, workspaceId, id)
    const active = await this.active(workspaceId, tx)
    if (policy.state === 'active' && policy.activated_by === actor && (await this.replacedBy(tx, policy)) === replaces)
      return { policy, retired: undefined, isRepeated: true }
    if ((active?.ref ?? null) !== replaces)
      throw new ReeltagError(
        'POLICY_CONFLICT',
        `in force is ${nameOf(active?.ref ?? null)}, the request replaces ${nameOf(replaces)}`,
      )
    if (policy.state === 'active') throw new ReeltagError('POLICY_CONFLICT', stateOf(policy, active))
    if (policy.state === 'draft') throw new ReeltagError('POLICY_NOT_REPLAYED', `${policy.ref} was never replayed`)
    if (policy.pack !== pack)
      throw new ReeltagError('POLICY_PACK_DIFFERS', `${policy.ref} decides on ${policy.pack}; in force is ${pack}`)
    const retired = active === undefined ? undefined : await this.endActive(tx, active.id, actor)
    const [row] = await tx.query<PolicyRow>(
      `UPDATE policies SET state = 'active', activated_by = $2, activated_at = now(), retired_at = NULL, retired_by = NULL
       WHERE id = $1 RETURNING ${columns}`,
      [policy.id, actor],
    )
    if (row === undefined) throw new Error('a locked policy is gone')
    return { policy: row, retired, isRepeated: false }
  }

  /** Whoever holds it is alone in changing which policy of the workspace is in force. @returns the pack in force. @throws NOT_FOUND */
  lock(tx: Transaction, workspaceId: string): Promise<string> {
    return lockWorkspace(tx, workspaceId)
  }

  /**
   * A policy that was derived from the one in force takes its place. Needs the lock. The documents of policies never change,
   * because those who decide keep them, so this one gets a number of its own.
   */
  async replaceActive(tx: Transaction, active: PolicyRow, document: PolicyDocument, actor: string): Promise<PolicyRow> {
    await this.endActive(tx, active.id, actor)
    const [row] = await tx.query<PolicyRow>(
      `INSERT INTO policies (id, workspace_id, name, number, state, pack, document, created_by, activated_by, activated_at,
                             derived_from)
       SELECT $1, a.workspace_id, a.name, (SELECT max(number) + 1 FROM policies WHERE workspace_id = a.workspace_id), 'active',
         a.pack, $3::jsonb, $4, $4, now(), coalesce(a.derived_from, a.id)
       FROM policies a WHERE a.id = $2
       RETURNING ${columns}`,
      [newId(), active.id, JSON.stringify(document), actor],
    )
    if (row === undefined) throw new Error('a locked policy is gone')
    return row
  }

  /**
   * The pack decides by itself again. Whoever repeats it, because the answer was lost, gets the policy as it is.
   * @throws NOT_FOUND, POLICY_CONFLICT where it is not in force
   */
  async retire(tx: Transaction, workspaceId: string, id: string, actor: string): Promise<Change> {
    await lockWorkspace(tx, workspaceId)
    const policy = await this.read(tx, workspaceId, id)
    if (policy.state === 'active') return { policy: await this.endActive(tx, policy.id, actor), isRepeated: false }
    const active = await this.active(workspaceId, tx)
    if (policy.state === 'retired' && policy.retired_by === actor && active === undefined)
      return { policy, isRepeated: true }
    throw new ReeltagError('POLICY_CONFLICT', stateOf(policy, active))
  }

  /** The policy that an activation took the place of: both changed in one transaction, so at one moment. */
  private async replacedBy(tx: Transaction, { workspace_id, activated_at }: PolicyRow): Promise<string | null> {
    const [row] = await tx.query<{ ref: string }>(
      `SELECT name || '/' || number AS ref FROM policies WHERE workspace_id = $1 AND retired_at = $2`,
      [workspace_id, activated_at],
    )
    return row?.ref ?? null
  }

  private async endActive(tx: Transaction, id: string, actor: string): Promise<PolicyRow> {
    const [row] = await tx.query<PolicyRow>(
      `UPDATE policies SET state = 'retired', retired_by = $2, retired_at = now() WHERE id = $1 RETURNING ${columns}`,
      [id, actor],
    )
    if (row === undefined) throw new Error('a locked policy is gone')
    return row
  }

  private async read(tx: Pick<Transaction, 'query'>, workspaceId: string, id: string): Promise<PolicyRow> {
    const which = z.uuid().safeParse(id).success ? 'id = $2::uuid' : `name || '/' || number = $2`
    const [row] = await tx.query<PolicyRow>(`SELECT ${columns} FROM policies WHERE workspace_id = $1 AND ${which}`, [
      workspaceId,
      id,
    ])
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no policy ${id}`)
    return row
  }
}
