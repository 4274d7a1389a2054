import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ReeltagError } from '@reeltag/contracts'
import { KeysService } from '../keys/keys.service.js'
import { isCsrfToken } from '../sessions/csrf-token.js'
import { SessionCookie } from '../sessions/session-cookie.js'
import { SessionsService, type ActiveSession } from '../sessions/sessions.service.js'
import { OPEN, REQUIRED_SCOPE, SIGNED_IN, type Needed, type RequestWithAccess } from './access.js'
import type { Access } from './principal.js'

const bearer = /^Bearer ([\x21-\x7e]+)$/i
/** They change nothing, so a page of another site gains nothing by them. */
const safeMethods = new Set(['GET', 'HEAD'])

/**
 * Lets in whoever may do what a route needs: a machine by the bearer key that it sends, a person by the session cookie
 * of the browser. A browser sends the cookie whoever made the page, so changes also need the token of the session.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly keys: KeysService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()]
    const needed = this.reflector.getAllAndOverride<Needed | undefined>(REQUIRED_SCOPE, targets)
    if (needed === OPEN) return true
    if (needed === undefined) throw new ReeltagError('NOT_FOUND', 'this route names no scope')
    const request = context.switchToHttp().getRequest<RequestWithAccess>()
    const [, key] = bearer.exec(request.headers.authorization ?? '') ?? []
    // A page cannot make a browser send a key, so a request with one is from who holds it.
    if (key !== undefined && needed !== SIGNED_IN) request.access = await this.byKey(key, needed)
    else await this.bySession(request, needed)
    return true
  }

  private async byKey(key: string, needed: Exclude<Needed, 'open' | 'signed-in'>): Promise<Access> {
    const access = await this.keys.authenticate(key)
    if (!access.scopes.has(needed)) throw new ReeltagError('SCOPE_MISSING', `this call needs the scope ${needed}`)
    return access
  }

  private async bySession(request: RequestWithAccess, needed: Exclude<Needed, 'open'>): Promise<void> {
    const token = this.cookie.read(request)
    if (token === undefined)
      throw needed === SIGNED_IN
        ? new ReeltagError('SESSION_MISSING', 'the request carries no session cookie')
        : new ReeltagError('KEY_MISSING', 'the request holds neither a bearer key nor a session cookie')
    const session = await this.sessions.authenticate(token)
    refuseForgery(request, token)
    if (needed !== SIGNED_IN && !session.access.scopes.has(needed)) throw insufficient(session, needed)
    request.session = session
    request.access = session.access
  }
}

const refuseForgery = ({ method, headers }: RequestWithAccess, token: string): void => {
  if (safeMethods.has(method)) return
  const given = headers['x-reeltag-csrf']
  if (typeof given !== 'string' || !isCsrfToken(given, token))
    throw new ReeltagError('CSRF_TOKEN_WRONG', 'the header x-reeltag-csrf is missing, or of another session')
}

const insufficient = ({ role }: ActiveSession, needed: string): ReeltagError =>
  new ReeltagError('ROLE_INSUFFICIENT', `this call needs ${needed}, which the role ${role} does not have`)
