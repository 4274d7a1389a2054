import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { KeyScope, Role, roleScopes } from '@reeltag/contracts'
import {
  AuditLog,
  KeysRepository,
  KeysService,
  SessionsRepository,
  SessionsService,
  UsersRepository,
  UsersService,
} from '@reeltag/http'
import { Database } from '@reeltag/platform'
import { createTestDatabase, type TestDatabase } from '@reeltag/testing'
import { createHmac } from 'node:crypto'
import { ReeltagProcess } from './process.fixture.js'

interface Operation {
  readonly 'x-reeltag-needs'?: string
  readonly security?: readonly Record<string, unknown>[]
}
const methods = new Set(['get', 'put', 'post', 'delete', 'patch'])

/**
 * Every route of every service, as OpenAPI lists them, is called by everyone. Whether somebody is let in is told by the
 * scope that the route names and by the table of roles, so a new route needs no entry here.
 */
describe('who may call which route', () => {
  let database: TestDatabase
  let db: Database
  let gateway: ReeltagProcess
  let sessions: SessionsService
  const users = new Map<Role, string>()
  const keys = new Map<KeyScope, string>()
  const routes: { method: string; path: string; needs: string | undefined }[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    gateway = await ReeltagProcess.start({ DATABASE_URL: database.url, REELTAG_SERVICES: 'gateway' })
    await gateway.ready
    sessions = new SessionsService(new SessionsRepository(db), { idleMinutes: 60, hoursMax: 1 })
    const keyStore = new KeysRepository(db)
    const workspaceId = await keyStore.ensureWorkspace('mine', 'starter/2.0.0')
    const people = new UsersService(db, new UsersRepository(db), new AuditLog(db))
    for (const role of Role.options)
      users.set(role, (await people.add({ workspaceId, actor: 'cli:test' }, { name: role, role })).id)
    for (const scope of KeyScope.options)
      keys.set(
        scope,
        await new KeysService(keyStore).create({
          workspace: 'mine',
          pack: 'starter/2.0.0',
          name: scope,
          scopes: [scope],
        }),
      )
    const document = (await (await gateway.fetch('/docs-json')).json()) as {
      paths: Record<string, Record<string, Operation>>
    }
    for (const [path, operations] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(operations).filter(([name]) => methods.has(name)))
        routes.push({ method: method.toUpperCase(), path, needs: operation['x-reeltag-needs'] })
  })
  afterAll(async () => {
    await gateway.stop()
    await db.close()
    await database.drop()
  })

  type Caller = Readonly<Record<string, string>>
  /** A session of its own for each call, because some calls end it. */
  const as = async (role: Role): Promise<Caller> => {
    const token = await db.transaction((tx) => sessions.start(tx, users.get(role) ?? ''), { durable: false })
    const csrf = createHmac('sha256', token).update('reeltag csrf').digest('base64url')
    return { cookie: `reeltag=${token}`, 'x-reeltag-csrf': csrf }
  }
  const withKey = (scope: KeyScope): Caller => ({ authorization: `Bearer ${keys.get(scope) ?? ''}` })
  /** @returns the code with which the guard refused; undefined where it let the caller in, whatever came then */
  const refusal = async (
    { method, path }: { method: string; path: string },
    caller: Caller,
  ): Promise<string | undefined> => {
    const address = path.replaceAll(/\{[^}]+\}/g, '01980000-0000-7000-8000-000000000000')
    const answer = await gateway.fetch(address, { method, headers: caller, redirect: 'manual' })
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true
    if (!isProblem) return void (await answer.body?.cancel())
    const { code } = (await answer.json()) as { code: string }
    return /^(KEY_|SESSION_MISSING|SCOPE_|ROLE_|CSRF_)/.test(code) ? code : undefined
  }

  it('is told by every route, of every service', () => {
    const known = new Set(['open', 'signed-in', ...KeyScope.options])
    expect(routes.filter(({ needs }) => needs === undefined || !known.has(needs))).toEqual([])
    const rooms = new Set(routes.map(({ path }) => path.split('/')[2]))
    for (const room of ['contents', 'review', 'policies', 'labels', 'session', 'users', 'audit-log', 'admin'])
      expect(rooms).toContain(room)
  })

  it('is nobody without a key or a session', async () => {
    for (const route of routes.filter(({ needs }) => needs !== 'open')) {
      const expected = route.needs === 'signed-in' ? 'SESSION_MISSING' : 'KEY_MISSING'
      expect([route, await refusal(route, {})]).toEqual([route, expected])
      expect([route, await refusal(route, { cookie: 'reeltag=forged' })]).toEqual([route, 'SESSION_MISSING'])
      expect([route, await refusal(route, { authorization: 'Bearer forged' })]).toEqual([
        route,
        route.needs === 'signed-in' ? 'SESSION_MISSING' : 'KEY_INVALID',
      ])
    }
  })

  it.each(Role.options)('is a %s as far as the role goes, and no further', async (role) => {
    const scopes: readonly string[] = roleScopes[role]
    for (const route of routes) {
      const allowed = ['open', 'signed-in'].includes(route.needs ?? '') || scopes.includes(route.needs ?? '')
      expect([route, await refusal(route, await as(role))]).toEqual([route, allowed ? undefined : 'ROLE_INSUFFICIENT'])
    }
  })

  it('is, of those who change something, only who sends the token of the session', async () => {
    for (const route of routes.filter(({ method, needs }) => method !== 'GET' && needs !== 'open')) {
      const { cookie = '' } = await as('admin')
      expect([route, await refusal(route, { cookie })]).toEqual([route, 'CSRF_TOKEN_WRONG'])
    }
  })

  it('is a key for its scope alone, and for no session', async () => {
    for (const route of routes.filter(({ needs }) => needs !== 'open'))
      for (const scope of KeyScope.options) {
        const expected =
          route.needs === 'signed-in' ? 'SESSION_MISSING' : route.needs === scope ? undefined : 'SCOPE_MISSING'
        expect([route, scope, await refusal(route, withKey(scope))]).toEqual([route, scope, expected])
      }
  })
})

describe('the roles', () => {
  // As docs/accounts.md tells them.
  it.each([
    ['reviewer', ['contents:read', 'review:read', 'review:write']],
    ['lead', ['contents:read', 'review:read', 'review:write', 'review:lead', 'labels:read', 'policies:read']],
    ['admin', KeyScope.options.filter((scope) => scope !== 'platform')],
  ] as const)('let a %s do this and nothing else', (role, scopes) => {
    expect([...roleScopes[role]].sort()).toEqual([...scopes].sort())
  })
})
