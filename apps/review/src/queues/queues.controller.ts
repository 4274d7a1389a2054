import { Controller, Delete, Get, HttpCode, Param, Put, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { PutReviewQueue, ReviewQueueName, ReviewQueues } from '@reeltag/contracts'
import { Answers, Needs, readJson, Refusals, schemaOf, validate, type WithBody, WorkspaceId } from '@reeltag/http'
import { QueuesRepository } from './queues.repository.js'

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/queues')
export class ReviewQueuesController {
  constructor(private readonly queues: QueuesRepository) {}

  @Get()
  @Needs('review:read')
  @ApiOperation({
    summary: 'The queues, and what waits in them',
    description: 'An item is in the first queue, by age, whose rule wants it. Counts are some seconds old at most.',
  })
  @Answers(200, ReviewQueues, 'all and escalated are always there')
  async list(@WorkspaceId() workspaceId: string): Promise<ReviewQueues> {
    return { queues: await this.queues.list(workspaceId) }
  }

  @Put(':name')
  @Needs('review:lead')
  @ApiOperation({
    summary: 'Set up a queue, or pause it',
    description: 'Open items are filed anew. Pausing all pauses every queue.',
  })
  @ApiBody({ schema: schemaOf(PutReviewQueue, 'input') })
  @Answers(200, ReviewQueues, 'The queues from now on', [400, 415])
  async put(
    @Req() request: WithBody,
    @Param('name') name: string,
    @WorkspaceId() workspaceId: string,
  ): Promise<ReviewQueues> {
    const known = validate(ReviewQueueName, name)
    await this.queues.put(workspaceId, known, validate(PutReviewQueue, readJson(request.body)))
    return this.list(workspaceId)
  }

  @Delete(':name')
  @HttpCode(204)
  @Needs('review:lead')
  @ApiOperation({ summary: 'Remove a queue; its items go to the others' })
  @ApiResponse({ status: 204, description: 'It is removed' })
  @Refusals(404)
  async remove(@Param('name') name: string, @WorkspaceId() workspaceId: string): Promise<void> {
    await this.queues.remove(workspaceId, name)
  }
}
