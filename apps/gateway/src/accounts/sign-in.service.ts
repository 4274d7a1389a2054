import { Injectable } from '@nestjs/common'
import { ReeltagError, Role } from '@reeltag/contracts'
import { AuditLog, hashOf, SessionsService, UsersRepository, type Identity, type UserRow } from '@reeltag/http'
import { Database, type OpenIdConfig, type Transaction } from '@reeltag/platform'

/** A person as the OpenID provider describes them. */
export interface Person extends Identity {
  readonly name: string
  /** Only where the provider has verified it. */
  readonly email: string | undefined
  /** The values of the role claim; undefined where roles are not the provider's business. */
  readonly roles: readonly string[] | undefined
}

/** How a session comes about. Each is written down, and so are the users that a sign-in makes or changes. */
@Injectable()
export class SignInService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly audit: AuditLog,
  ) {}

  /** @returns the token of the new session. @throws SIGN_IN_REFUSED */
  byLink(token: string): Promise<string> {
    return this.db.transaction(
      async (tx) => {
        const user = await this.users.useLink(tx, hashOf(token))
        if (user === undefined)
          throw new ReeltagError('SIGN_IN_REFUSED', 'the link has been used, has expired, or was never made')
        return this.start(tx, user, 'link')
      },
      { durable: true },
    )
  }

  /** @returns the token of the new session. @throws SIGN_IN_REFUSED */
  byOpenId(person: Person, config: Pick<OpenIdConfig, 'workspace' | 'newUsers'>): Promise<string> {
    return this.db.transaction(
      async (tx) => {
        const workspaceId = await workspaceOf(tx, config.workspace)
        const known = await this.users.findByIdentity(tx, workspaceId, person, person.email)
        if (known !== undefined && known.disabled_at !== null)
          throw new ReeltagError('SIGN_IN_REFUSED', 'this account is disabled')
        const role = roleOf(person)
        const user = known ?? (await this.add(tx, { workspaceId, person, role: role ?? config.newUsers }))
        if (known?.subject === null) await this.bind(tx, known, person)
        if (known !== undefined && role !== undefined && role !== known.role) await this.setRole(tx, known, role)
        return this.start(tx, user, 'openid')
      },
      { durable: true },
    )
  }

  /** The session of the browser ends. @returns whether there was one */
  async end({ token, access }: { readonly token: string; readonly access: { workspaceId: string; actor: string } }) {
    await this.db.transaction(
      async (tx) => {
        if (await this.sessions.end(tx, token))
          await this.audit.write(tx, { ...access, action: 'session.ended', subject: access.actor })
      },
      { durable: true },
    )
    // A request may have looked it up again before the row was gone.
    this.sessions.forget()
  }

  private async start(tx: Transaction, user: UserRow, by: 'link' | 'openid'): Promise<string> {
    const token = await this.sessions.start(tx, user.id)
    await this.write(tx, user, 'session.started', { by })
    return token
  }

  private async add(
    tx: Transaction,
    { workspaceId, person, role }: { workspaceId: string; person: Person; role: Role | 'refuse' },
  ): Promise<UserRow> {
    if (role === 'refuse') throw new ReeltagError('SIGN_IN_REFUSED', `nobody has added ${person.name} here`)
    const name = (await isTaken(tx, workspaceId, person.name)) ? `${person.name} (${person.subject})` : person.name
    const user = await this.users.insert(tx, workspaceId, { ...person, name: name.slice(0, 100), role })
    await this.write(tx, user, 'user.added', { name: user.name, role, by: 'openid' })
    return user
  }

  private async bind(tx: Transaction, user: UserRow, { issuer, subject, email }: Person): Promise<void> {
    await this.users.bind(tx, user.id, { issuer, subject })
    await this.write(tx, user, 'user.openid-bound', { issuer, email })
  }

  private async setRole(tx: Transaction, user: UserRow, role: Role): Promise<void> {
    await this.users.set(tx, user.id, { role, disabled: false })
    await this.write(tx, user, 'user.role-changed', { from: user.role, to: role, by: 'openid' })
    this.sessions.forget()
  }

  private write(tx: Transaction, user: UserRow, action: string, detail: Record<string, unknown>): Promise<void> {
    const actor = `user:${user.id}`
    return this.audit.write(tx, { workspaceId: user.workspace_id, actor, action, subject: actor, detail })
  }
}

/** The highest role among the values of the claim. @throws SIGN_IN_REFUSED where the claim names none */
const roleOf = ({ roles, name }: Person): Role | undefined => {
  if (roles === undefined) return undefined
  const role = Role.options.findLast((one) => roles.includes(one) || roles.includes(`reeltag-${one}`))
  if (role === undefined) throw new ReeltagError('SIGN_IN_REFUSED', `the provider gives ${name} no role here`)
  return role
}

const isTaken = async (tx: Transaction, workspaceId: string, name: string): Promise<boolean> =>
  (await tx.query(`SELECT 1 FROM users WHERE workspace_id = $1 AND name = $2`, [workspaceId, name])).length > 0

const workspaceOf = async (tx: Transaction, name: string): Promise<string> => {
  const [row] = await tx.query<{ id: string }>(`SELECT id FROM workspaces WHERE name = $1`, [name])
  if (row === undefined) throw new ReeltagError('SIGN_IN_REFUSED', `there is no workspace ${name} yet`)
  return row.id
}
