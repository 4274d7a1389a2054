import { Injectable } from '@nestjs/common'
import { ReeltagError, type NewUser, type Role } from '@reeltag/contracts'
import { Database, newId, type Transaction } from '@reeltag/platform'
import type { Cursor } from '../cursor.js'

export interface UserRow {
  readonly id: string
  readonly workspace_id: string
  readonly name: string
  readonly role: Role
  readonly email: string | null
  readonly subject: string | null
  readonly created_at: Date
  readonly disabled_at: Date | null
}

/** How an OpenID provider names a person. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
}

const columns = 'id, workspace_id, name, role, email, subject, created_at, disabled_at'

/** The only writer of `users` and `sign_in_links`. */
@Injectable()
export class UsersRepository {
  constructor(private readonly db: Database) {}

  /** @throws USER_EXISTS */
  async insert(tx: Transaction, workspaceId: string, user: NewUser & Partial<Identity>): Promise<UserRow> {
    const [row] = await tx.query<UserRow>(
      `INSERT INTO users (id, workspace_id, name, role, email, issuer, subject) VALUES ($1, $2, $3, $4, lower($5), $6, $7)
       ON CONFLICT DO NOTHING RETURNING ${columns}`,
      [newId(), workspaceId, user.name, user.role, user.email ?? null, user.issuer ?? null, user.subject ?? null],
    )
    if (row === undefined) throw new ReeltagError('USER_EXISTS', `${user.name} is not new here`)
    return row
  }

  /** Newest first, one row more than the limit. */
  list(workspaceId: string, limit: number, after: Cursor | undefined): Promise<UserRow[]> {
    return this.db.query<UserRow>(
      `SELECT ${columns} FROM users
       WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    )
  }

  /** Locks the row, so that no change falls between what is read and what is done. @throws NOT_FOUND */
  async lock(tx: Transaction, workspaceId: string, id: string): Promise<UserRow> {
    const [row] = await tx.query<UserRow>(
      `SELECT ${columns} FROM users WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`,
      [workspaceId, id],
    )
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no user ${id}`)
    return row
  }

  /** @throws NOT_FOUND */
  async idOf(workspaceId: string, name: string): Promise<string> {
    const [row] = await this.db.query<{ id: string }>(`SELECT id FROM users WHERE workspace_id = $1 AND name = $2`, [
      workspaceId,
      name,
    ])
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no user ${name}`)
    return row.id
  }

  /** Who the provider says it is: as bound before, or by the address that an administrator entered. */
  async findByIdentity(
    tx: Transaction,
    workspaceId: string,
    { issuer, subject }: Identity,
    verifiedEmail: string | undefined,
  ): Promise<UserRow | undefined> {
    const [row] = await tx.query<UserRow>(
      `SELECT ${columns} FROM users WHERE workspace_id = $1
         AND ((issuer = $2 AND subject = $3) OR (subject IS NULL AND email = lower($4)))
       ORDER BY subject NULLS LAST LIMIT 1 FOR NO KEY UPDATE`,
      [workspaceId, issuer, subject, verifiedEmail ?? null],
    )
    return row
  }

  async bind(tx: Transaction, id: string, { issuer, subject }: Identity): Promise<void> {
    await tx.query(`UPDATE users SET issuer = $2, subject = $3 WHERE id = $1`, [id, issuer, subject])
  }

  /** A user who is disabled loses sessions and links, too. */
  async set(tx: Transaction, id: string, { role, disabled }: { role: Role; disabled: boolean }): Promise<UserRow> {
    const [row] = await tx.query<UserRow>(
      `UPDATE users SET role = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, now()) END WHERE id = $1
       RETURNING ${columns}`,
      [id, role, disabled],
    )
    if (row === undefined) throw new Error('an update of a locked row returned nothing')
    if (disabled)
      for (const table of ['sessions', 'sign_in_links']) await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [id])
    return row
  }

  /** The links that the user had before no longer work. @returns until when the new one does */
  async addLink(tx: Transaction, userId: string, hash: Buffer, hours: number): Promise<Date> {
    await tx.query(`DELETE FROM sign_in_links WHERE user_id = $1 AND used_at IS NULL`, [userId])
    const [row] = await tx.query<{ expires_at: Date }>(
      `INSERT INTO sign_in_links (id, user_id, hash, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(hours => $4)) RETURNING expires_at`,
      [newId(), userId, hash, hours],
    )
    if (row === undefined) throw new Error('an insert returned nothing')
    return row.expires_at
  }

  /** Of several who use it at once, one gets the user. @returns undefined where the link does not work, or no longer */
  async useLink(tx: Transaction, hash: Buffer): Promise<UserRow | undefined> {
    // The user is locked first, as by every change of a user, so that no two wait for each other.
    const [user] = await tx.query<UserRow>(
      `SELECT ${columns} FROM users WHERE id = (SELECT user_id FROM sign_in_links WHERE hash = $1) AND disabled_at IS NULL
       FOR NO KEY UPDATE`,
      [hash],
    )
    const used = await tx.query(
      `UPDATE sign_in_links SET used_at = now() WHERE hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING id`,
      [hash],
    )
    return used.length > 0 ? user : undefined
  }
}
