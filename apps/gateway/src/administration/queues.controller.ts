import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger'
import { QueueChanged, QueueList } from '@reeltag/contracts'
import { QueueHolds, QueueOverview } from '@reeltag/pipeline'
import type { FastifyRequest } from 'fastify'
import { Answers, Needs, noBody } from '@reeltag/http'

/** All workspaces share the queues, so a workspace's own `admin` is not enough here. */
@ApiTags('administration')
@ApiBearerAuth()
@Controller('v1/admin/queues')
@Needs('platform')
export class QueuesController {
  constructor(
    private readonly overview: QueueOverview,
    private readonly holds: QueueHolds,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The queues, what waits in them, and whether they are held' })
  @Answers(200, QueueList, 'In the order of the pipeline')
  async list(): Promise<QueueList> {
    return { items: await this.overview.read() }
  }

  @Post(':queue/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin nothing new, in any process and through restarts; jobs stay where they are' })
  @ApiParam({ name: 'queue', example: 'vision' })
  @Answers(200, QueueChanged, 'Held within a second where a relay leads', [400, 404])
  pause(@Param('queue') queue: string, @Req() request: FastifyRequest): Promise<QueueChanged> {
    return this.set(queue, 'paused', request)
  }

  @Post(':queue/drain')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Pause, and empty the queue: what is under way is finished, the rest waits in Postgres until it is resumed',
  })
  @ApiParam({ name: 'queue', example: 'vision' })
  @Answers(200, QueueChanged, 'Empty when its `jobs` are 0', [400, 404])
  drain(@Param('queue') queue: string, @Req() request: FastifyRequest): Promise<QueueChanged> {
    return this.set(queue, 'drained', request)
  }

  @Post(':queue/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go on where it was' })
  @ApiParam({ name: 'queue', example: 'vision' })
  @Answers(200, QueueChanged, 'Running', [400, 404])
  resume(@Param('queue') queue: string, @Req() request: FastifyRequest): Promise<QueueChanged> {
    return this.set(queue, 'running', request)
  }

  private async set(queue: string, state: QueueChanged['state'], request: FastifyRequest): Promise<QueueChanged> {
    noBody(request.body)
    await this.holds.set(queue, state)
    return { queue, state }
  }
}
