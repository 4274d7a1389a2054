import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { AuditPage, Problem } from '@reeltag/contracts'
import { GatewayFixture } from '../gateway.fixture.js'
import { json, Person, tokenOf } from './person.fixture.js'

describe('signing in with a link', () => {
  let gateway: GatewayFixture
  let key: string
  beforeAll(async () => {
    gateway = await GatewayFixture.open({ PROXIES_TRUSTED: '127.0.0.1' })
    key = await gateway.makeKey('mine', ['admin', 'review:lead'])
  })
  afterAll(() => gateway.close())

  const linkOf = async (name: string): Promise<{ id: string; token: string }> => {
    const { id } = await Person.add(gateway, key, { name })
    return { id, token: tokenOf(await Person.link(gateway, key, id)) }
  }
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('works once, also when several try at once', async () => {
    const { token } = await linkOf('once')
    const answers = await Promise.all(Array.from({ length: 8 }, () => new Person(gateway.url).tryToken(token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 401)])
    expect(await gateway.problem(await new Person(gateway.url).tryToken(token))).toEqual([401, 'SIGN_IN_REFUSED'])
  })

  it('does not work after its time, or after a newer link was made', async () => {
    const { id, token } = await linkOf('late')
    await gateway.db.query(`UPDATE sign_in_links SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [id])
    expect(await gateway.problem(await new Person(gateway.url).tryToken(token))).toEqual([401, 'SIGN_IN_REFUSED'])
    const [older, newer] = [tokenOf(await Person.link(gateway, key, id)), tokenOf(await Person.link(gateway, key, id))]
    expect((await new Person(gateway.url).tryToken(older)).status).toBe(401)
    expect((await new Person(gateway.url).tryToken(newer)).status).toBe(200)
  })

  it('is throttled by address: a thousand attempts cost the others nothing', async () => {
    const { token } = await linkOf('others')
    const attack = (n: number) => new Person(gateway.url).tryToken(`guess-${n}`, from('203.0.113.7'))
    const codes = new Map<string, number>()
    for (let n = 0; n < 1_000; n += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => attack(n + index)))
      for (const answer of answers) {
        const wait = answer.headers.get('retry-after')
        const { code } = Problem.parse(await answer.json())
        codes.set(code, (codes.get(code) ?? 0) + 1)
        if (code === 'SIGN_IN_THROTTLED') expect(Number(wait)).toBeGreaterThan(0)
      }
      // Others go on in the meantime.
      expect((await gateway.fetch('/v1/contents')).status).toBe(200)
    }
    expect(codes.get('SIGN_IN_REFUSED')).toBe(20)
    expect(codes.get('SIGN_IN_THROTTLED')).toBe(980)
    // A good token does not help whoever has tried too often; elsewhere it works.
    expect((await new Person(gateway.url).tryToken(token, from('203.0.113.7'))).status).toBe(429)
    expect((await new Person(gateway.url).tryToken(token, from('203.0.113.8'))).status).toBe(200)
  })

  it('counts attempts of all processes, and of a whole network of IPv6', async () => {
    const attack = (n: number) => new Person(gateway.url).tryToken('guess', from(`2001:db8:1:2::${n.toString(16)}`))
    for (let n = 1; n <= 20; n++) expect((await attack(n)).status).toBe(401)
    await gateway.restart()
    expect(await gateway.problem(await attack(21))).toEqual([429, 'SIGN_IN_THROTTLED'])
    const neighbour = await new Person(gateway.url).tryToken('guess', from('2001:db8:1:3::1'))
    expect(neighbour.status).toBe(401)
  })

  it('does not count what succeeds', async () => {
    const { id } = await Person.add(gateway, key, { name: 'often' })
    for (let n = 0; n < 25; n++) {
      const token = tokenOf(await Person.link(gateway, key, id))
      expect((await new Person(gateway.url).tryToken(token, from('203.0.113.9'))).status).toBe(200)
    }
  })

  it('takes no address from whom it does not trust', async () => {
    const direct = await GatewayFixture.open()
    const attack = (n: number) => new Person(direct.url).tryToken('guess', from(`203.0.113.${n}`))
    for (let n = 1; n <= 20; n++) expect((await attack(n)).status).toBe(401)
    expect((await attack(21)).status).toBe(429)
    await direct.close()
  })

  it('refuses a user who is there already, a name on two lines, and changes of nothing', async () => {
    const post = (body: object) =>
      gateway.fetch('/v1/users', { method: 'POST', key, body: JSON.stringify(body), headers: json })
    expect((await post({ name: 'Han Meimei', email: 'han@example.com' })).status).toBe(201)
    expect(await gateway.problem(await post({ name: 'Han Meimei' }))).toEqual([409, 'USER_EXISTS'])
    expect(await gateway.problem(await post({ name: 'other', email: 'HAN@example.com' }))).toEqual([409, 'USER_EXISTS'])
    for (const body of [
      { name: 'a\nb' },
      { name: ' ' },
      { name: '' },
      { name: 'x', role: 'owner' },
      { name: 'x', email: '@' },
    ])
      expect(await gateway.problem(await post(body))).toEqual([400, 'BODY_INVALID'])
    const none = await gateway.fetch(`/v1/users/${crypto.randomUUID()}`, {
      method: 'PATCH',
      key,
      body: '{}',
      headers: json,
    })
    expect(await gateway.problem(none)).toEqual([400, 'BODY_INVALID'])
  })

  it('is all there is where no provider is set up', async () => {
    const person = new Person(gateway.url)
    expect(await (await person.fetch('/v1/session/providers')).json()).toEqual({ openId: null })
    expect(await gateway.problem(await person.fetch('/v1/session/openid'))).toEqual([503, 'OPENID_UNAVAILABLE'])
  })

  it('is written down, page by page, in a log that nobody can change', async () => {
    const person = await Person.signedIn(gateway, key, 'lead')
    await gateway.fetch(`/v1/users/${person.id}`, { method: 'PATCH', key, body: '{"role":"admin"}', headers: json })
    const page = async (query: string) =>
      AuditPage.parse(await (await gateway.fetch(`/v1/audit-log?${query}`, { key })).json())
    const first = await page(`subject=user:${person.id}&limit=2`)
    const rest = await page(`subject=user:${person.id}&limit=2&cursor=${first.nextCursor ?? ''}`)
    expect([...first.items, ...rest.items].map(({ action }) => action)).toEqual([
      'user.role-changed',
      'session.started',
      'user.link-made',
      'user.added',
    ])
    expect(first.items[0]).toMatchObject({
      actor: expect.stringMatching(/^key:/),
      detail: { from: 'lead', to: 'admin' },
    })
    expect((await page(`actor=user:${person.id}`)).items).toMatchObject([{ detail: { by: 'link' } }])
    for (const sql of [`UPDATE audit_log SET actor = 'nobody'`, 'DELETE FROM audit_log', 'TRUNCATE audit_log'])
      await expect(gateway.db.query(sql)).rejects.toThrow(/append-only/)
  })
})
