import { Controller, HttpCode, Post, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { ClaimedItems, ClaimItems, ClaimsKept, HeldClaims, ReeltagError, type KeyScope } from '@reeltag/contracts'
import {
  Actor,
  Answers,
  Needs,
  readJson,
  Refusals,
  schemaOf,
  Scopes,
  validate,
  type WithBody,
  WorkspaceId,
} from '@reeltag/http'
import { escalatedQueue } from '../queues/filing.js'
import { QueuesRepository } from '../queues/queues.repository.js'
import { TasksRepository } from '../tasks/tasks.repository.js'
import { ClaimsRepository } from './claims.repository.js'

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/claims')
export class ClaimsController {
  constructor(
    private readonly claims: ClaimsRepository,
    private readonly queues: QueuesRepository,
    private readonly tasks: TasksRepository,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('review:write')
  @ApiOperation({
    summary: 'Take items to decide',
    description:
      'What the caller holds already comes first, then the next free items by priority and rank; never one on which the caller has given a verdict. A claim is held for some seconds, and longer with heartbeats. The queue escalated is for leads.',
  })
  @ApiBody({ schema: schemaOf(ClaimItems, 'input') })
  @Answers(200, ClaimedItems, 'What the caller holds now', [400, 404, 415])
  async claim(
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
    @Scopes() scopes: ReadonlySet<KeyScope>,
  ): Promise<ClaimedItems> {
    const { queue, count } = validate(ClaimItems, readJson(request.body))
    if (queue === escalatedQueue && !scopes.has('review:lead'))
      throw new ReeltagError('SCOPE_MISSING', `the queue ${queue} needs the scope review:lead`)
    const queues = await this.queues.toHandOut(workspaceId, queue)
    const held = await this.claims.claim({ workspaceId, actor }, queues, count)
    const items = await this.tasks.find(
      workspaceId,
      held.map(({ itemId }) => itemId),
      actor,
    )
    const byId = new Map(items.map((item) => [item.id, item]))
    return {
      claims: held.flatMap(({ itemId, token, leaseUntil }) => {
        const item = byId.get(itemId)
        return item === undefined ? [] : [{ item, token, leaseUntil: leaseUntil.toISOString() }]
      }),
    }
  }

  @Post('heartbeat')
  @HttpCode(200)
  @Needs('review:write')
  @ApiOperation({ summary: 'Keep claims, and hear which are lost and why' })
  @ApiBody({ schema: schemaOf(HeldClaims, 'input') })
  @Answers(200, ClaimsKept, 'What is still held, and what is not', [400, 415])
  async heartbeat(
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<ClaimsKept> {
    const { claims } = validate(HeldClaims, readJson(request.body))
    const { held, lost } = await this.claims.renew({ workspaceId, actor }, claims)
    return {
      held: held.map(({ itemId, leaseUntil }) => ({ itemId, leaseUntil: leaseUntil.toISOString() })),
      lost,
    }
  }

  @Post('release')
  @HttpCode(204)
  @Needs('review:write')
  @ApiOperation({ summary: 'Give items back, so that others get them at once' })
  @ApiBody({ schema: schemaOf(HeldClaims, 'input') })
  @ApiResponse({ status: 204, description: 'The caller holds none of them any more' })
  @Refusals(400, 415)
  async release(@Req() request: WithBody, @WorkspaceId() workspaceId: string, @Actor() actor: string): Promise<void> {
    const { claims } = validate(HeldClaims, readJson(request.body))
    await this.claims.release({ workspaceId, actor }, claims)
  }
}
