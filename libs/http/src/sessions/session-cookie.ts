import type { FastifyReply, FastifyRequest } from 'fastify'

/** Readers of other rooms do not see the `cookies` that @fastify/cookie adds to its type. */
type Asked = Pick<FastifyRequest, 'headers'>

/** A browser keeps cookies of http://localhost and http://127.0.0.1 without TLS; they never leave the machine. */
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/**
 * The cookie of a session, and short-lived ones of a sign-in. `__Host-` makes browsers refuse a cookie that another
 * host, or a page over http, has set, so that nobody can plant a session. Over http on this machine, where there is no
 * TLS, the cookie is called `reeltag` and is not `Secure`.
 */
export class SessionCookie {
  /** @param publicUrl where browsers reach the gateway; if absent, where the request at hand did */
  constructor(private readonly publicUrl: string | undefined) {}

  /** Where browsers reach this server: scheme, host and port. */
  originOf({ headers }: Asked): string {
    // The Host was checked against HOSTS_ALLOWED before any route.
    const host = headers.host ?? 'localhost'
    return this.publicUrl ?? `${loopback.test(host) ? 'http' : 'https'}://${host}`
  }

  read(request: Asked, name = ''): string | undefined {
    return (request as Asked & Pick<FastifyRequest, 'cookies'>).cookies[this.nameOf(request, name)]
  }

  /** @param maxAge seconds; 0 removes it */
  write(
    { request, reply }: { readonly request: Asked; readonly reply: FastifyReply },
    value: string,
    { maxAge, name = '' }: { readonly maxAge: number; readonly name?: string },
  ): void {
    const secure = this.isSecure(request)
    void reply.setCookie(this.nameOf(request, name), value, {
      httpOnly: true,
      secure,
      sameSite: 'lax',
      path: '/',
      maxAge,
    })
  }

  private isSecure(request: Asked): boolean {
    return this.originOf(request).startsWith('https:')
  }

  private nameOf(request: Asked, name: string): string {
    return `${this.isSecure(request) ? '__Host-' : ''}reeltag${name}`
  }
}
