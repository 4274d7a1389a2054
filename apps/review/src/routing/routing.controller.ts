import { Controller, Get, Put, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ReviewCapacity, ReviewCapacityView, ReviewRouting } from '@reeltag/contracts'
import { Actor, Answers, Needs, readJson, schemaOf, validate, type WithBody, WorkspaceId } from '@reeltag/http'
import { CapacityRepository } from './capacity.repository.js'

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review')
export class RoutingController {
  constructor(private readonly capacities: CapacityRepository) {}

  @Get('capacity')
  @Needs('review:read')
  @ApiOperation({ summary: 'What the reviewers can do now' })
  @Answers(200, ReviewCapacityView, 'The capacity, and who said so', [404])
  async capacity(@WorkspaceId() workspaceId: string): Promise<ReviewCapacityView> {
    return this.capacities.get(workspaceId)
  }

  @Put('capacity')
  @Needs('admin')
  @ApiOperation({
    summary: 'Say what the reviewers can do now',
    description: 'Open items are routed by it within seconds, and again when they or it change.',
  })
  @ApiBody({ schema: schemaOf(ReviewCapacity, 'input') })
  @Answers(200, ReviewCapacityView, 'The capacity from now on', [400, 415])
  async put(
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<ReviewCapacityView> {
    return this.capacities.put(workspaceId, validate(ReviewCapacity, readJson(request.body)), actor)
  }

  @Get('routing')
  @Needs('review:read')
  @ApiOperation({ summary: 'What came of the last routing: items by route, and what one more minute is worth' })
  @Answers(200, ReviewRouting, 'The last routing', [404])
  async routing(@WorkspaceId() workspaceId: string): Promise<ReviewRouting> {
    return this.capacities.routing(workspaceId)
  }
}
