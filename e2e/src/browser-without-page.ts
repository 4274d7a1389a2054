/** What a browser does with redirects, cookies and the forms of the provider, for tests of a sign-in. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>()

  /** One request; a redirect is not followed. */
  async get(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = this.jarOf(origin)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: { cookie, ...(init.headers as object) } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  /**
   * Follows the way to the provider, and signs in and agrees in its forms.
   * @returns the address with which the provider sends the browser back; nobody has opened it yet
   */
  async signInAt(url: string, login: string): Promise<string> {
    const home = new URL(url).origin
    let next = url
    for (let step = 0; step < 20; step++) {
      const answer = await this.get(next)
      const location = answer.headers.get('location')
      if (location === null) {
        const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(await answer.text()) ?? []
        const form = new URLSearchParams({ prompt, login, password: 'any' })
        const sent = await this.get(next, { method: 'POST', body: form })
        next = new URL(sent.headers.get('location') ?? '', next).href
      } else next = new URL(location, next).href
      if (new URL(next).origin === home) return next
    }
    throw new Error(`no way back after ${next}`)
  }

  /** Changes what a cookie of base64url-encoded JSON says. */
  change(origin: string, name: string, to: (value: object) => object): void {
    const jar = this.jarOf(origin)
    const value = JSON.parse(Buffer.from(jar.get(name) ?? '', 'base64url').toString()) as object
    jar.set(name, Buffer.from(JSON.stringify(to(value))).toString('base64url'))
  }

  private jarOf(origin: string): Map<string, string> {
    const jar = this.jars.get(origin) ?? new Map<string, string>()
    this.jars.set(origin, jar)
    return jar
  }
}
