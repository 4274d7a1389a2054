import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SessionView } from '@reeltag/contracts'
import { createHash } from 'node:crypto'
import { GatewayFixture } from '../gateway.fixture.js'
import { json, Person, tokenOf } from './person.fixture.js'

describe('a session', () => {
  let gateway: GatewayFixture
  let key: string
  beforeAll(async () => {
    gateway = await GatewayFixture.open()
    key = await gateway.makeKey('mine', ['admin'])
  })
  afterAll(() => gateway.close())

  const statusOf = async (person: Person, route = '/v1/session', init: RequestInit = {}): Promise<unknown[]> => {
    const answer = await person.fetch(route, init)
    return answer.ok ? [answer.status] : gateway.problem(answer)
  }
  const capacity = { method: 'PUT', body: JSON.stringify({ reviewers: 1, slaMinutes: 60 }), headers: json }
  /** What lies behind the cache of five seconds is seen by a new process at once. */
  const sqlThenRestart = async (sql: string, params: unknown[]): Promise<void> => {
    await gateway.db.query(sql, params)
    await gateway.restart()
  }

  it('begins with a link, tells who is signed in, and reaches what the role may', async () => {
    const user = await Person.add(gateway, key, { name: '李雷', role: 'lead', email: 'Li.Lei@example.com' })
    expect(user).toMatchObject({ role: 'lead', email: 'li.lei@example.com', openId: false, disabledAt: null })
    const url = await Person.link(gateway, key, user.id)
    expect(url.startsWith(`${gateway.url}/sign-in#token=`)).toBe(true)
    const person = new Person(gateway.url)
    const view = await person.signIn(tokenOf(url))
    expect(view).toMatchObject({ user: { id: user.id, name: '李雷', role: 'lead' }, workspace: { name: 'mine' } })
    expect(SessionView.parse(await (await person.fetch('/v1/session')).json()).csrfToken).toBe(view.csrfToken)
    expect(await statusOf(person, '/v1/review/items')).toEqual([200])
    expect(await statusOf(person, '/v1/users')).toEqual([403, 'ROLE_INSUFFICIENT'])
    expect(await statusOf(person, '/v1/admin/queues')).toEqual([403, 'ROLE_INSUFFICIENT'])
  })

  it('is a cookie that scripts cannot read; Postgres knows neither it nor the token of the link', async () => {
    const { id } = await Person.add(gateway, key, { name: 'cookie' })
    const token = tokenOf(await Person.link(gateway, key, id))
    const answer = await new Person(gateway.url).tryToken(token)
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^reeltag=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const secret = cookie.slice('reeltag='.length, cookie.indexOf(';'))
    const [row] = await gateway.db.query<{ hash: Buffer }>('SELECT hash FROM sessions WHERE user_id = $1', [id])
    expect(row?.hash).toEqual(createHash('sha256').update(secret).digest())
    const everything = await gateway.db.query<{ row: string }>(
      'SELECT s::text AS row FROM sessions s UNION ALL SELECT l::text FROM sign_in_links l UNION ALL SELECT a::text FROM audit_log a',
    )
    for (const { row: text } of everything) expect(text).not.toMatch(new RegExp(`${secret}|${token}`))
  })

  it('is Secure and bound to its host wherever it crosses a network', async () => {
    const { id } = await Person.add(gateway, key, { name: 'https' })
    const token = tokenOf(await Person.link(gateway, key, id))
    const body = JSON.stringify({ token })
    const said = await gateway.raw(
      `POST /v1/session/link HTTP/1.1\r\nhost: tags.example\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
    expect(said).toMatch(
      /set-cookie: __Host-reeltag=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax/i,
    )
    const secret = /__Host-reeltag=([\w-]{43})/.exec(said)?.[1] ?? ''
    const ask = (cookie: string) =>
      gateway.raw(`GET /v1/session HTTP/1.1\r\nhost: tags.example\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`)
    expect(await ask(`__Host-reeltag=${secret}`)).toMatch(/^HTTP\/1.1 200/)
    // A neighbour under the same domain could set this one.
    expect(await ask(`reeltag=${secret}`)).toMatch(/^HTTP\/1.1 401/)
  })

  it('lets only its own token change anything', async () => {
    const [person, other] = [await Person.signedIn(gateway, key, 'admin'), await Person.signedIn(gateway, key, 'admin')]
    for (const wrong of ['', 'nonsense', other.csrfToken])
      expect(
        await statusOf(person, '/v1/review/capacity', { ...capacity, headers: { ...json, 'x-reeltag-csrf': wrong } }),
      ).toEqual([403, 'CSRF_TOKEN_WRONG'])
    expect(await statusOf(person, '/v1/session', { method: 'DELETE', headers: { 'x-reeltag-csrf': '' } })).toEqual([
      403,
      'CSRF_TOKEN_WRONG',
    ])
    expect(await statusOf(person, '/v1/review/capacity', capacity)).toEqual([200])
    // What a form of another site can send is not taken for a sign-in.
    const form = { method: 'POST', body: JSON.stringify({ token: 'x' }), headers: { 'content-type': 'text/plain' } }
    expect(await statusOf(new Person(gateway.url), '/v1/session/link', form)).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
  })

  it('cannot be forged, and is not a key', async () => {
    const person = await Person.signedIn(gateway, key, 'admin')
    const secret = person.cookies.get('reeltag') ?? ''
    const forged = new Person(gateway.url)
    for (const value of [
      'x',
      `${secret.slice(0, -1)}_`,
      createHash('sha256').update(secret).digest('base64url'),
      '%00',
    ]) {
      forged.cookies.set('reeltag', value)
      expect(await statusOf(forged, '/v1/contents')).toEqual([401, 'SESSION_MISSING'])
    }
    expect(await gateway.problem(await gateway.fetch('/v1/contents', { key: secret }))).toEqual([401, 'KEY_INVALID'])
    // A key is no session, whatever it may do.
    expect(await gateway.problem(await gateway.fetch('/v1/session', { key }))).toEqual([401, 'SESSION_MISSING'])
    expect(await gateway.problem(await gateway.fetch('/v1/session', { key: null }))).toEqual([401, 'SESSION_MISSING'])
    expect(await gateway.problem(await gateway.fetch('/v1/contents', { key: null }))).toEqual([401, 'KEY_MISSING'])
  })

  it('gets a new cookie at each sign-in, and the one that was there before is worth nothing', async () => {
    const { id } = await Person.add(gateway, key, { name: 'fixation' })
    const person = new Person(gateway.url)
    person.cookies.set('reeltag', 'planted-by-somebody-who-knows-it')
    await person.signIn(tokenOf(await Person.link(gateway, key, id)))
    const first = person.cookies.get('reeltag') ?? ''
    expect(first).not.toBe('planted-by-somebody-who-knows-it')
    await person.signIn(tokenOf(await Person.link(gateway, key, id)))
    expect(person.cookies.get('reeltag')).not.toBe(first)
    const old = new Person(gateway.url)
    for (const value of ['planted-by-somebody-who-knows-it', first]) {
      old.cookies.set('reeltag', value)
      expect(await statusOf(old)).toEqual([401, 'SESSION_MISSING'])
    }
    expect(await statusOf(person)).toEqual([200])
  })

  it('ends when its person signs out, there and for whoever copied the cookie', async () => {
    const person = await Person.signedIn(gateway, key, 'reviewer')
    const thief = new Person(gateway.url)
    thief.cookies = new Map(person.cookies)
    expect(await statusOf(thief)).toEqual([200])
    expect(await statusOf(person, '/v1/session', { method: 'DELETE' })).toEqual([204])
    expect(person.cookies.size).toBe(0)
    expect(await statusOf(thief)).toEqual([401, 'SESSION_MISSING'])
  })

  it('ends when nobody uses it, and in any case after its time', async () => {
    const [idle, old, used] = await Promise.all(
      ['idle', 'old', 'used'].map((name) => Person.signedIn(gateway, key, 'reviewer', name)),
    )
    await gateway.db.query(`UPDATE sessions SET seen_at = now() - interval '119 minutes' WHERE user_id = $1`, [
      used?.id,
    ])
    await gateway.db.query(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [old?.id])
    await sqlThenRestart(`UPDATE sessions SET seen_at = now() - interval '121 minutes' WHERE user_id = $1`, [idle?.id])
    const at = (person: Person | undefined) => Object.assign(new Person(gateway.url), { cookies: person?.cookies })
    for (const person of [idle, old]) expect(await statusOf(at(person))).toEqual([401, 'SESSION_MISSING'])
    expect(await statusOf(at(used))).toEqual([200])
    // Being used counts.
    const [row] = await gateway.db.query<{ fresh: boolean }>(
      `SELECT seen_at > now() - interval '5 minutes' AS fresh FROM sessions WHERE user_id = $1`,
      [used?.id],
    )
    expect(row).toEqual({ fresh: true })
  })

  it('of a disabled person ends at once, with their links; so do the powers of a role that was taken', async () => {
    const person = await Person.signedIn(gateway, key, 'admin')
    const change = (body: object) =>
      gateway.fetch(`/v1/users/${person.id}`, { method: 'PATCH', key, body: JSON.stringify(body), headers: json })
    expect(await statusOf(person, '/v1/users')).toEqual([200])
    expect((await change({ role: 'reviewer' })).status).toBe(200)
    expect(await statusOf(person, '/v1/users')).toEqual([403, 'ROLE_INSUFFICIENT'])
    const link = tokenOf(await Person.link(gateway, key, person.id))
    expect(await (await change({ disabled: true })).json()).toMatchObject({ disabledAt: expect.any(String) })
    expect(await statusOf(person)).toEqual([401, 'SESSION_MISSING'])
    expect(await gateway.problem(await person.tryToken(link))).toEqual([401, 'SIGN_IN_REFUSED'])
    const none = await gateway.fetch(`/v1/users/${person.id}/link`, { method: 'POST', key })
    expect(await gateway.problem(none)).toEqual([401, 'SIGN_IN_REFUSED'])
    await change({ disabled: false })
    expect(await statusOf(person)).toEqual([401, 'SESSION_MISSING'])
  })

  it('sees its own workspace only', async () => {
    const theirs = await gateway.makeKey('theirs', ['admin'])
    const [mine, stranger] = [
      await Person.signedIn(gateway, key, 'admin'),
      await Person.signedIn(gateway, theirs, 'admin'),
    ]
    expect(await statusOf(mine, '/v1/review/capacity', capacity)).toEqual([200])
    expect(await statusOf(stranger, '/v1/review/capacity')).toEqual([404, 'NOT_FOUND'])
    const patch = { method: 'PATCH', body: JSON.stringify({ role: 'admin' }), headers: json }
    expect(await statusOf(stranger, `/v1/users/${mine.id}`, patch)).toEqual([404, 'NOT_FOUND'])
    expect(await statusOf(stranger, `/v1/users/${mine.id}/link`, { method: 'POST' })).toEqual([404, 'NOT_FOUND'])
    const ids = async (person: Person) =>
      ((await (await person.fetch('/v1/users?limit=100')).json()) as { items: { id: string }[] }).items.map(
        ({ id }) => id,
      )
    expect(await ids(stranger)).toEqual([stranger.id])
    expect(await ids(mine)).not.toContain(stranger.id)
    const audit = (await (await stranger.fetch('/v1/audit-log')).json()) as { items: { subject: string }[] }
    expect(audit.items.every(({ subject }) => subject === `user:${stranger.id}`)).toBe(true)
  })
})
