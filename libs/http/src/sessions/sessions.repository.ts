import { Injectable } from '@nestjs/common'
import type { Role } from '@reeltag/contracts'
import { Database, newId, type Transaction } from '@reeltag/platform'

export interface SessionRow {
  readonly id: string
  readonly user_id: string
  readonly user_name: string
  readonly role: Role
  readonly workspace_id: string
  readonly workspace_name: string
  readonly expires_at: Date
  readonly seen_at: Date
}

/** Within this time a session is not marked as seen again, so that reading a page writes nothing. */
const seenAgainSeconds = 30

/** The only writer of `sessions`. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly db: Database) {}

  /** @param hours after which it ends, however much it is used */
  async insert(tx: Transaction, userId: string, hash: Buffer, hours: number): Promise<void> {
    await tx.query(
      `INSERT INTO sessions (id, user_id, hash, expires_at) VALUES ($1, $2, $3, now() + make_interval(hours => $4))`,
      [newId(), userId, hash, hours],
    )
    // Sessions that have ended are of no use to anyone; a sign-in is rare enough to clear them away.
    await tx.query(`DELETE FROM sessions WHERE user_id = $1 AND expires_at < now()`, [userId])
  }

  /** Marks it as seen. @returns undefined where it has ended, or its user may not sign in any more */
  async find(hash: Buffer, idleMinutes: number): Promise<SessionRow | undefined> {
    const [row] = await this.db.query<SessionRow>(
      `SELECT s.id, s.user_id, u.name AS user_name, u.role, u.workspace_id, w.name AS workspace_name, s.expires_at, s.seen_at
       FROM sessions s JOIN users u ON u.id = s.user_id JOIN workspaces w ON w.id = u.workspace_id
       WHERE s.hash = $1 AND s.expires_at > now() AND s.seen_at > now() - make_interval(mins => $2)
         AND u.disabled_at IS NULL`,
      [hash, idleMinutes],
    )
    if (row !== undefined && Date.now() - row.seen_at.getTime() > seenAgainSeconds * 1_000)
      await this.db.query(`UPDATE sessions SET seen_at = now() WHERE id = $1`, [row.id])
    return row
  }

  async delete(tx: Pick<Transaction, 'query'>, hash: Buffer): Promise<boolean> {
    return (await tx.query(`DELETE FROM sessions WHERE hash = $1 RETURNING id`, [hash])).length > 0
  }
}
