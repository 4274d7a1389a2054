import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ReeltagError } from '@reeltag/contracts'
import { Needs, OPEN, Refusals } from '@reeltag/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { MediaUrls } from './media-urls.js'
import { MediaService } from './media.service.js'
import { sendMedia } from './send-media.js'

/** Each holds a file, or a connection to the store. */
const answersMax = 512
const idleMs = 30_000

/** The files behind signed addresses. The token is the permission. */
@ApiTags('contents')
@Controller('media')
@Needs(OPEN)
export class MediaFilesController {
  private answers = 0

  constructor(
    private readonly urls: MediaUrls,
    private readonly media: MediaService,
  ) {}

  // A route of its own: the one that Fastify makes of GET reads the whole file to throw it away.
  @Head(':token')
  @ApiOperation({ summary: 'Size and type of a file' })
  @ApiOkResponse({ description: 'As for GET, without the bytes' })
  @Refusals(403, 404, 416)
  head(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.get(token, request, reply)
  }

  @Get(':token')
  @ApiOperation({ summary: 'A file of a content, by an address of `GET /v1/contents/{id}/media`; Range works' })
  @ApiOkResponse({
    description: 'The bytes',
    content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  })
  @Refusals(403, 404, 416, 503)
  async get(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.answers >= answersMax) throw new ReeltagError('OVERLOADED', `${this.answers} files are being sent`)
    if (reply.raw.destroyed) return
    this.answers++
    reply.raw.once('close', () => this.answers--)
    const { expires, ...address } = await this.urls.verify(token)
    const maxAge = Math.max(0, Math.floor(expires - Date.now() / 1_000))
    await sendMedia(request, reply, await this.media.file(address), { idleMs, maxAge })
  }
}
