import { Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common'
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ReeltagError, SessionView, SignInProviders, SignInWithLink } from '@reeltag/contracts'
import {
  Answers,
  Needs,
  noBody,
  OPEN,
  readJson,
  schemaOf,
  Session,
  SessionCookie,
  SessionsService,
  SIGNED_IN,
  validate,
  type ActiveSession,
} from '@reeltag/http'
import { CONFIG } from '@reeltag/pipeline'
import type { Config } from '@reeltag/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SignInService } from './sign-in.service.js'
import { SignInThrottle } from './sign-in-throttle.js'

@ApiTags('accounts')
@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly signIns: SignInService,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Pick<Config, 'accounts'>,
  ) {}

  @Get()
  @Needs(SIGNED_IN)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Who is signed in, with the CSRF token of the session' })
  @Answers(200, SessionView, 'The session of the cookie')
  get(@Session() session: ActiveSession | undefined): SessionView {
    return viewOf(session)
  }

  @Get('providers')
  @Needs(OPEN)
  @ApiOperation({ summary: 'How people can sign in besides with a link' })
  @Answers(200, SignInProviders, 'null: there is no OpenID provider')
  providers(): SignInProviders {
    const { openId } = this.config.accounts
    return { openId: openId === undefined ? null : { name: openId.name } }
  }

  @Post('link')
  @HttpCode(200)
  @Needs(OPEN)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Sign in with the token of a one-time link; sets the session cookie' })
  @ApiBody({ schema: schemaOf(SignInWithLink, 'input') })
  @Answers(200, SessionView, 'Signed in, in a new session', [400, 415, 429])
  async link(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionView> {
    // A form of another site cannot send JSON, so nobody is signed in as somebody else behind their back.
    const { token } = validate(SignInWithLink, readJson(request.body))
    const signedIn = await this.throttle.attempt(request.ip, () => this.signIns.byLink(token))
    await this.leave(request)
    this.cookie.write({ request, reply }, signedIn, { maxAge: this.sessions.limits.hoursMax * 3_600 })
    return (await this.sessions.authenticate(signedIn)).view
  }

  @Delete()
  @HttpCode(204)
  @Needs(SIGNED_IN)
  @ApiOperation({ summary: 'Sign out' })
  async delete(
    @Session() session: ActiveSession | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    noBody(request.body)
    if (session !== undefined) await this.signIns.end(session)
    this.cookie.write({ request, reply }, '', { maxAge: 0 })
  }

  /** The session that the browser had before. */
  private async leave(request: FastifyRequest): Promise<void> {
    const before = this.cookie.read(request)
    if (before === undefined) return
    const session = await this.sessions.authenticate(before).catch(() => undefined)
    if (session !== undefined) await this.signIns.end(session)
  }
}

const viewOf = (session: ActiveSession | undefined): SessionView => {
  if (session === undefined) throw new ReeltagError('SESSION_MISSING', 'the request has no session')
  return session.view
}
