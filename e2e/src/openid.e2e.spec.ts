import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { Browser } from './browser-without-page.js'
import { ServiceProcess } from './service-process.js'

/** As the provider knows them. Mallory entered an address that she has not shown to be hers. */
const people: Record<string, object> = {
  ann: { name: 'Ann', email: 'ann@example.com', email_verified: true, roles: ['staff', 'reeltag-lead'] },
  bob: { name: 'Bob', email: 'bob@example.com', email_verified: true, roles: [] },
  mallory: { name: 'Ann', email: 'ann@example.com', email_verified: false, roles: ['admin'] },
}

type Callback = (request: http.IncomingMessage, response: http.ServerResponse) => void
/** The package brings no types. */
type Provider = new (issuer: string, options: object) => { callback(): Callback }

/** A provider on this machine. Its address is known before the clients are. */
class TestProvider {
  private answer: Callback = () => undefined
  private readonly server = http.createServer((request, response) => this.answer(request, response))
  port = 0

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async listen(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(this.port, '127.0.0.1', listening))
    this.port = (this.server.address() as AddressInfo).port
  }

  async open(redirects: readonly string[]): Promise<void> {
    const name: string = 'oidc-provider'
    const { default: OidcProvider } = (await import(name)) as { default: Provider }
    const provider = new OidcProvider(this.issuer, {
      clients: [{ client_id: 'reeltag', client_secret: 'a-secret-of-the-client', redirect_uris: redirects }],
      claims: { openid: ['sub'], profile: ['name', 'roles'], email: ['email', 'email_verified'] },
      pkce: { required: () => true },
      cookies: { keys: ['only-for-this-test'] },
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    })
    this.answer = provider.callback()
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done))
    this.server.closeAllConnections()
    await closed
  }
}

describe('signing in with an OpenID provider', () => {
  let database: TestDatabase
  let db: Database
  const provider = new TestProvider()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-openid-'))
  let gateway: ServiceProcess
  let byClaim: ServiceProcess
  const startGateway = (more: Record<string, string> = {}): Promise<ServiceProcess> =>
    ServiceProcess.start({
      env: {
        DATABASE_URL: database.url,
        BLOB_URL: `file:${folder}`,
        REELTAG_SERVICES: 'gateway',
        OPENID_ISSUER: provider.issuer,
        OPENID_CLIENT_ID: 'reeltag',
        OPENID_CLIENT_SECRET: 'a-secret-of-the-client',
        OPENID_NAME: 'Company',
        ...more,
      },
    })
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 2 })
    await addWorkspace(db, { name: 'default' })
    await provider.listen()
    gateway = await startGateway()
    byClaim = await startGateway({ OPENID_ROLE_CLAIM: 'roles', OPENID_NEW_USERS: 'reviewer' })
    await provider.open([gateway, byClaim].map((process) => `${urlOf(process)}/v1/session/openid/callback`))
  })
  afterAll(async () => {
    await gateway.remove()
    await byClaim.remove()
    await provider.close()
    await db.close()
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const urlOf = (process: ServiceProcess): string => `http://127.0.0.1:${process.port}`
  const begin = (process: ServiceProcess, returnTo = '/app/') =>
    `${urlOf(process)}/v1/session/openid?returnTo=${encodeURIComponent(returnTo)}`
  /** Goes to the provider, signs in there, and comes back. @returns where the gateway sends the browser then */
  const signIn = async (
    browser: Browser,
    process: ServiceProcess,
    login: string,
    returnTo?: string,
  ): Promise<string> => {
    const back = await browser.signInAt(begin(process, returnTo), login)
    return (await browser.get(back)).headers.get('location') ?? ''
  }
  const whoIs = async (browser: Browser, process: ServiceProcess): Promise<unknown> =>
    (await browser.get(`${urlOf(process)}/v1/session`)).json()
  const addAnn = (): Promise<unknown> =>
    db.query(
      `INSERT INTO users (id, workspace_id, name, role, email)
       SELECT gen_random_uuid(), id, 'Ann Lee', 'admin', 'ann@example.com' FROM workspaces WHERE name = 'default'`,
    )

  it('tells that there is one, and by which name', async () => {
    const answer = await fetch(`${urlOf(gateway)}/v1/session/providers`)
    expect(await answer.json()).toEqual({ openId: { name: 'Company' } })
  })

  it('asks for a code with PKCE, state and nonce', async () => {
    const answer = await new Browser().get(begin(gateway))
    const asked = new URL(answer.headers.get('location') ?? '').searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${urlOf(gateway)}/v1/session/openid/callback`,
    })
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^reeltag-openid=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
  })

  it('refuses whom nobody has added, and whoever merely says that an address is theirs', async () => {
    expect(await signIn(new Browser(), gateway, 'bob')).toBe('/sign-in?error=SIGN_IN_REFUSED')
    await addAnn()
    expect(await signIn(new Browser(), gateway, 'mallory')).toBe('/sign-in?error=SIGN_IN_REFUSED')
  })

  it('lets in whom an administrator added, and goes back to the page', async () => {
    const browser = new Browser()
    expect(await signIn(browser, gateway, 'ann', '/app/review?item=1')).toBe('/app/review?item=1')
    expect(await whoIs(browser, gateway)).toMatchObject({ user: { name: 'Ann Lee', role: 'admin' } })
    const [row] = await db.query(`SELECT issuer, subject FROM users WHERE name = 'Ann Lee'`)
    expect(row).toEqual({ issuer: provider.issuer, subject: 'ann' })
  })

  it('takes the role from the claim at each sign-in, where one is named', async () => {
    const browser = new Browser()
    expect(await signIn(browser, byClaim, 'ann')).toBe('/app/')
    expect(await whoIs(browser, byClaim)).toMatchObject({ user: { name: 'Ann Lee', role: 'lead' } })
    expect(await signIn(new Browser(), byClaim, 'bob')).toBe('/sign-in?error=SIGN_IN_REFUSED')
    // Another subject with the same name is another person.
    const mallory = new Browser()
    expect(await signIn(mallory, byClaim, 'mallory')).toBe('/app/')
    expect(await whoIs(mallory, byClaim)).toMatchObject({ user: { name: 'Ann', role: 'admin' } })
  })

  it('refuses a disabled person', async () => {
    await db.query(`UPDATE users SET disabled_at = now() WHERE subject = 'ann'`)
    expect(await signIn(new Browser(), gateway, 'ann')).toBe('/sign-in?error=SIGN_IN_REFUSED')
    await db.query(`UPDATE users SET disabled_at = NULL WHERE subject = 'ann'`)
  })

  it('counts an answer once, and only in the browser that asked', async () => {
    const [victim, attacker] = [new Browser(), new Browser()]
    const back = await attacker.signInAt(begin(gateway), 'ann')
    // The attacker has the victim open the answer, to sign them in as somebody else.
    expect((await victim.get(back)).headers.get('location')).toBe('/sign-in?error=SIGN_IN_REFUSED')
    const other = await victim.signInAt(begin(gateway), 'ann')
    const swapped = new URL(back)
    swapped.searchParams.set('state', new URL(other).searchParams.get('state') ?? '')
    expect((await victim.get(swapped.href)).headers.get('location')).toBe('/sign-in?error=SIGN_IN_REFUSED')
    expect((await attacker.get(back)).headers.get('location')).toBe('/app/')
    expect((await attacker.get(back)).headers.get('location')).toBe('/sign-in?error=SIGN_IN_REFUSED')
    expect(await whoIs(victim, gateway)).toMatchObject({ code: 'SESSION_MISSING' })
  })

  it('sends a browser to no other site', async () => {
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example',
      String.raw`/\evil.example`,
      '/.//evil.example',
    ]) {
      const answer = await new Browser().get(begin(gateway, elsewhere))
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'QUERY_INVALID' }])
    }
    // Nor does a cookie that was changed on the way.
    const browser = new Browser()
    const back = await browser.signInAt(begin(gateway), 'ann')
    browser.change(urlOf(gateway), 'reeltag-openid', (errand) => ({ ...errand, returnTo: 'https://evil.example' }))
    expect((await browser.get(back)).headers.get('location') ?? '').not.toMatch(/evil/)
  })

  it('says that the provider is away, and works again once it is back', async () => {
    await gateway.stop()
    await provider.close()
    await gateway.boot()
    const answer = await new Browser().get(begin(gateway))
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'OPENID_UNAVAILABLE' }])
    await provider.listen()
    expect(await signIn(new Browser(), gateway, 'ann')).toBe('/app/')
  })
})
