import { Controller, Get, Req, Res, type OnModuleDestroy } from '@nestjs/common'
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { Needs, Refusals, WorkspaceId } from '@reeltag/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LiveHub } from './live-hub.js'

/** After this time a page connects again, and is asked again who it is: a key may be revoked, a session ended. */
const lifeMs = 5 * 60_000
const againMs = 2_000

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/live')
export class LiveController implements OnModuleDestroy {
  constructor(private readonly hub: LiveHub) {}

  @Get()
  @Needs('review:read')
  @ApiOperation({
    summary: 'What changes in the workspace, as server-sent events; each event says what to read again',
    description:
      '`queues` {}: counts changed. `item` {id, change}: claimed, released, decided or superseded. `content` {id, state, ' +
      'stage?, stageState?}. `contents` {}: many changed, or some were missed. At most two batches a second. Nothing is ' +
      'sent again, so a page reads what it shows whenever it connects; a `Last-Event-ID` has no effect.',
  })
  @ApiOkResponse({ description: 'An event stream', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @Refusals(503)
  async watch(
    @WorkspaceId() workspaceId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const stream = reply.raw
    await this.hub.prepare(workspaceId)
    if (stream.destroyed) return
    // No change may be written before the head: from here on nothing waits.
    this.hub.enter(workspaceId, stream)
    const end = setTimeout(() => stream.end(), lifeMs)
    stream.once('close', () => {
      clearTimeout(end)
      this.hub.leave(workspaceId, stream)
    })
    reply.hijack()
    request.raw.socket.setNoDelay(true)
    stream.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies of nginx's kind would keep the events until a buffer is full.
      'x-accel-buffering': 'no',
    })
    stream.write(`retry: ${againMs}\n: listening\n\n`)
  }

  /** Before the server closes, which waits for its answers. */
  async onModuleDestroy(): Promise<void> {
    await this.hub.close()
  }
}
