import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common'
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger'
import { toReeltagError } from '@reeltag/contracts'
import { Needs, OPEN, Refusals, SessionCookie, SessionsService, validateQuery } from '@reeltag/http'
import { LOGGER } from '@reeltag/pipeline'
import type { Logger } from '@reeltag/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { OpenIdService, type Errand } from './openid.service.js'
import { returnToOf } from './return-to.js'
import { SignInService } from './sign-in.service.js'
import { SignInThrottle } from './sign-in-throttle.js'

const errandCookie = '-openid'
/** A person may have to find a second factor first. */
const errandSeconds = 600
const callbackPath = '/v1/session/openid/callback'

const Begin = z.object({ returnTo: z.string().max(2_000).default('/app/') })
const Kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() })

/** The two requests of a browser on its way to the OpenID provider and back. */
@ApiTags('accounts')
@Controller('v1/session/openid')
@Needs(OPEN)
export class OpenIdController {
  constructor(
    private readonly openId: OpenIdService,
    private readonly signIns: SignInService,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info'>,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Sign in with the OpenID provider: a browser opens this' })
  @ApiQuery({ name: 'returnTo', required: false, description: 'the page of this server to come back to' })
  @ApiResponse({ status: 302, description: 'To the provider' })
  @Refusals(400, 503)
  async begin(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const returnTo = returnToOf(validateQuery(Begin, query).returnTo)
    const { url, errand } = await this.openId.begin(this.cookie.originOf(request) + callbackPath, returnTo)
    this.keep(errand, request, reply)
    await reply.header('cache-control', 'no-store').redirect(url, 302)
  }

  @Get('callback')
  @ApiOperation({ summary: 'Where the provider sends the browser back to' })
  @ApiResponse({ status: 302, description: 'To `returnTo`, signed in; or to /sign-in?error=<code>' })
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const errand = this.errandOf(request)
    // Whatever comes of it, it is over: the same answer does not count again.
    this.cookie.write({ request, reply }, '', { maxAge: 0, name: errandCookie })
    void reply.header('cache-control', 'no-store')
    try {
      const token = await this.throttle.attempt(request.ip, () => this.signIn(request, errand))
      this.cookie.write({ request, reply }, token, { maxAge: this.sessions.limits.hoursMax * 3_600 })
    } catch (error) {
      // A person is looking at this, so the page tells what the code means.
      this.logger.info({ err: error, requestId: request.id }, 'a sign-in was refused')
      await reply.redirect(`/sign-in?error=${toReeltagError(error).code}`, 302)
      return
    }
    await reply.redirect(returnToOf(errand?.returnTo ?? '/app/'), 302)
  }

  private async signIn(request: FastifyRequest, errand: Errand | undefined): Promise<string> {
    const url = new URL(request.url, this.cookie.originOf(request))
    const none = { state: '', nonce: '', verifier: '', returnTo: '/app/' }
    const person = await this.openId.finish(url, errand ?? none)
    return this.signIns.byOpenId(person, this.openId.settings)
  }

  /**
   * The browser keeps it, so an answer counts only in the browser that asked. Nothing in it is a secret before its owner,
   * and `returnTo` is checked again.
   */
  private keep(errand: Errand, request: FastifyRequest, reply: FastifyReply): void {
    const value = Buffer.from(JSON.stringify(errand)).toString('base64url')
    this.cookie.write({ request, reply }, value, { maxAge: errandSeconds, name: errandCookie })
  }

  private errandOf(request: FastifyRequest): Errand | undefined {
    try {
      const text = Buffer.from(this.cookie.read(request, errandCookie) ?? '', 'base64url').toString()
      return Kept.parse(JSON.parse(text))
    } catch {
      return undefined
    }
  }
}
