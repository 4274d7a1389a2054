import { Injectable } from '@nestjs/common'
import { ReeltagError, type ChangeUser, type NewUser } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { AuditLog } from '../audit-log.js'
import type { Cursor } from '../cursor.js'
import { hashOf, newSecret } from '../sessions/secrets.js'
import { UsersRepository, type UserRow } from './users.repository.js'

/** Long enough to be handed over by chat, too short to be found in an old one. */
const linkHours = 24

/** Who changes a user, and of which workspace. */
export interface UserActor {
  readonly workspaceId: string
  readonly actor: string
}

/** People of a workspace. Everything that is done to them is written down. */
@Injectable()
export class UsersService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly audit: AuditLog,
  ) {}

  /** @throws USER_EXISTS */
  add({ workspaceId, actor }: UserActor, user: NewUser): Promise<UserRow> {
    return this.db.transaction(
      async (tx) => {
        const row = await this.users.insert(tx, workspaceId, user)
        const detail = { name: row.name, role: row.role, email: row.email }
        await this.audit.write(tx, { workspaceId, actor, action: 'user.added', subject: `user:${row.id}`, detail })
        return row
      },
      { durable: true },
    )
  }

  list(workspaceId: string, limit: number, after: Cursor | undefined): Promise<UserRow[]> {
    return this.users.list(workspaceId, limit, after)
  }

  /** @throws NOT_FOUND */
  idOf(workspaceId: string, name: string): Promise<string> {
    return this.users.idOf(workspaceId, name)
  }

  /** Takes effect at once here, and within five seconds in other processes. @throws NOT_FOUND */
  change({ workspaceId, actor }: UserActor, id: string, change: ChangeUser): Promise<UserRow> {
    return this.db.transaction(
      async (tx) => {
        const before = await this.users.lock(tx, workspaceId, id)
        const wasDisabled = before.disabled_at !== null
        const { role = before.role, disabled = wasDisabled } = change
        const row = await this.users.set(tx, id, { role, disabled })
        const fact = { workspaceId, actor, subject: `user:${id}` }
        if (role !== before.role)
          await this.audit.write(tx, { ...fact, action: 'user.role-changed', detail: { from: before.role, to: role } })
        if (disabled !== wasDisabled)
          await this.audit.write(tx, { ...fact, action: disabled ? 'user.disabled' : 'user.enabled' })
        return row
      },
      { durable: true },
    )
  }

  /**
   * Makes a link that signs the user in once. Links from before no longer work.
   * @returns its token, which cannot be recovered
   * @throws NOT_FOUND, SIGN_IN_REFUSED
   */
  link({ workspaceId, actor }: UserActor, id: string): Promise<{ token: string; expiresAt: Date }> {
    return this.db.transaction(
      async (tx) => {
        const user = await this.users.lock(tx, workspaceId, id)
        if (user.disabled_at !== null) throw new ReeltagError('SIGN_IN_REFUSED', `${user.name} is disabled`)
        const token = newSecret()
        const expiresAt = await this.users.addLink(tx, id, hashOf(token), linkHours)
        const detail = { expiresAt: expiresAt.toISOString() }
        await this.audit.write(tx, { workspaceId, actor, action: 'user.link-made', subject: `user:${id}`, detail })
        return { token, expiresAt }
      },
      { durable: true },
    )
  }
}

/** Where a link leads. Browsers do not send what stands behind `#`, so the token reaches no log on the way. */
export const signInUrl = (origin: string, token: string): string => `${origin}/sign-in#token=${token}`
