import type { Role } from '@reeltag/contracts'
import { SessionView, SignInLink, UserView } from '@reeltag/contracts'
import type { GatewayFixture } from '../gateway.fixture.js'

/** A person in a browser: keeps cookies, and sends the CSRF token as the dashboard does. */
export class Person {
  cookies = new Map<string, string>()
  csrfToken = ''

  constructor(private readonly url: string) {}

  /** Adds a person with a key of an administrator, and signs them in by a link. */
  static async signedIn(gateway: GatewayFixture, key: string, role: Role, name = `${role} ${crypto.randomUUID()}`) {
    const { id } = await Person.add(gateway, key, { name, role })
    const person = new Person(gateway.url)
    await person.signIn(tokenOf(await Person.link(gateway, key, id)))
    return Object.assign(person, { id })
  }

  static async add(gateway: GatewayFixture, key: string, user: object): Promise<UserView> {
    const answer = await gateway.fetch('/v1/users', { method: 'POST', key, body: JSON.stringify(user), headers: json })
    return UserView.parse(await answer.json())
  }

  static async link(gateway: GatewayFixture, key: string, id: string): Promise<string> {
    const answer = await gateway.fetch(`/v1/users/${id}/link`, { method: 'POST', key })
    return SignInLink.parse(await answer.json()).url
  }

  async signIn(token: string): Promise<SessionView> {
    const answer = await this.tryToken(token)
    const view = SessionView.parse(await answer.json())
    this.csrfToken = view.csrfToken
    return view
  }

  tryToken(token: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch('/v1/session/link', {
      method: 'POST',
      body: JSON.stringify({ token }),
      headers: { ...json, ...headers },
    })
  }

  async fetch(route: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(this.url + route, {
      redirect: 'manual',
      ...init,
      headers: { cookie, 'x-reeltag-csrf': this.csrfToken, ...(init.headers as Record<string, string>) },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }
}

export const json = { 'content-type': 'application/json' }

export const tokenOf = (url: string): string => new URL(url).hash.replace('#token=', '')
