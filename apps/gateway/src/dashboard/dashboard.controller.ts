import { Controller, Get, Inject, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { ReeltagError } from '@reeltag/contracts'
import { Needs, OPEN } from '@reeltag/http'
import { CONFIG } from '@reeltag/pipeline'
import type { Config } from '@reeltag/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import path from 'node:path'
import { readIndexPage } from './index-page.js'

const dayMs = 86_400_000

/**
 * The dashboard: files that anyone may read. What they show comes from the API, which asks for a session. Addresses under
 * /app/ that are no files are the dashboard's own pages, which its script opens.
 */
@ApiExcludeController()
@Controller()
@Needs(OPEN)
export class DashboardController {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'dashboard'>) {}

  /** Browsers go to the dashboard; for programs there is nothing. */
  @Get()
  async root(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!wantsHtml(request)) throw new ReeltagError('NOT_FOUND', 'the API is under /v1/, and /docs describes it')
    await reply.redirect('/app/', 302)
  }

  @Get('app')
  async app(@Res() reply: FastifyReply): Promise<void> {
    await reply.redirect('/app/', 302)
  }

  @Get('sign-in')
  signIn(@Res() reply: FastifyReply): Promise<void> {
    return this.page(reply)
  }

  @Get('app/*')
  async pageOrFile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const name = new URL(request.url, 'http://reeltag.invalid').pathname.slice('/app/'.length)
    const isAsset = name.startsWith('assets/')
    if (!isAsset && (!path.posix.basename(name).includes('.') || wantsHtml(request))) return this.page(reply)
    // The name of an asset tells its content, so it never changes.
    const caching = isAsset ? { maxAge: 365 * dayMs, immutable: true } : { maxAge: dayMs / 24 }
    secure(reply, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    await reply.sendFile(name, this.config.dashboard.folder, caching)
  }

  private async page(reply: FastifyReply): Promise<void> {
    const { html, policy } = await readIndexPage(this.config.dashboard.folder)
    secure(reply, policy)
    await reply
      .header('cache-control', 'no-store')
      .header('x-frame-options', 'DENY')
      .header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
      .type('text/html; charset=utf-8')
      .send(html)
  }
}

const wantsHtml = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') === true

const secure = (reply: FastifyReply, policy: string): void =>
  void reply
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin')
