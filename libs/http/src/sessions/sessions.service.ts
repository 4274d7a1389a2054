import { Injectable } from '@nestjs/common'
import { ReeltagError, roleScopes, type Role, type SessionView } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import type { Access } from '../access/principal.js'
import { csrfTokenOf } from './csrf-token.js'
import { hashOf, newSecret } from './secrets.js'
import { SessionsRepository } from './sessions.repository.js'

const cacheMs = 5_000
const cacheMax = 10_000

/** A person who is signed in. */
export interface ActiveSession {
  readonly role: Role
  readonly access: Access
  readonly view: SessionView
  /** What the cookie holds. */
  readonly token: string
}

export interface SessionLimits {
  /** A session that nobody uses ends after this time. */
  readonly idleMinutes: number
  /** Every session ends after this time. */
  readonly hoursMax: number
}

/** Sessions of people: opaque to browsers, kept in Postgres, so that one can be ended at any time. */
@Injectable()
export class SessionsService {
  /** A session that was ended elsewhere in the cluster works for at most this long here, as a revoked key does. */
  private readonly cache = new Map<string, { readonly session: ActiveSession; readonly until: number }>()

  constructor(
    private readonly sessions: SessionsRepository,
    readonly limits: SessionLimits,
  ) {}

  /** Each sign-in gets a new token: one that was in the browser before is worth nothing (session fixation). */
  async start(tx: Transaction, userId: string): Promise<string> {
    const token = newSecret()
    await this.sessions.insert(tx, userId, hashOf(token), this.limits.hoursMax)
    return token
  }

  /** @throws SESSION_MISSING */
  async authenticate(token: string): Promise<ActiveSession> {
    const hash = hashOf(token)
    const name = hash.toString('hex')
    const cached = this.cache.get(name)
    if (cached !== undefined && cached.until > performance.now()) return cached.session
    this.cache.delete(name)
    const session = await this.read(token, hash)
    if (this.cache.size >= cacheMax) this.cache.clear()
    this.cache.set(name, { session, until: performance.now() + cacheMs })
    return session
  }

  /** @returns whether there was one */
  async end(tx: Pick<Transaction, 'query'>, token: string): Promise<boolean> {
    const ended = await this.sessions.delete(tx, hashOf(token))
    this.forget()
    return ended
  }

  /** After a change of a user: what they may do is looked up again. */
  forget(): void {
    this.cache.clear()
  }

  private async read(token: string, hash: Buffer): Promise<ActiveSession> {
    const row = await this.sessions.find(hash, this.limits.idleMinutes)
    if (row === undefined) throw new ReeltagError('SESSION_MISSING', 'there is no such session, or it has ended')
    const { user_id: id, user_name: name, role, workspace_id: workspaceId, workspace_name: workspace } = row
    const idle = Date.now() + this.limits.idleMinutes * 60_000
    return {
      role,
      token,
      access: { workspaceId, actor: `user:${id}`, scopes: new Set(roleScopes[role] ?? []) },
      view: {
        user: { id, name, role },
        workspace: { id: workspaceId, name: workspace },
        csrfToken: csrfTokenOf(token),
        expiresAt: new Date(Math.min(row.expires_at.getTime(), idle)).toISOString(),
      },
    }
  }
}
