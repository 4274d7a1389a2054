import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { RedecisionPage, RedecisionView, ReeltagError, StartRedecision } from '@reeltag/contracts'
import {
  Actor,
  Answers,
  ApiPageQuery,
  Needs,
  noBody,
  pageQuery,
  placeOf,
  readJson,
  schemaOf,
  toPage,
  validate,
  validateQuery,
  type WithBody,
  WorkspaceId,
} from '@reeltag/http'
import { z } from 'zod'
import { RedecisionsRepository, type RedecisionRow } from './redecisions.repository.js'

interface Reply {
  header(name: string, value: string): unknown
}

const ListQuery = z.strictObject(pageQuery)

@ApiTags('policies')
@ApiBearerAuth()
@Controller('v1/redecisions')
export class RedecisionsController {
  constructor(private readonly redecisions: RedecisionsRepository) {}

  @Post()
  @HttpCode(202)
  @Needs('admin')
  @ApiOperation({
    summary: 'Decide all past results anew by what is in force, from their stored scores and without a model',
    description:
      'In bounded batches, beside live work. A result that changes gets a new revision and events that name what they supersede. Asking while it is running gives the one that is running.',
  })
  @ApiBody({ schema: schemaOf(StartRedecision, 'input') })
  @Answers(202, RedecisionView, 'Begun; `Location` tells where to follow it', [400, 404, 409, 415])
  async start(
    @Req() request: WithBody,
    @Res({ passthrough: true }) reply: Reply,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<RedecisionView> {
    const { policy } = validate(StartRedecision, readJson(request.body))
    const redecision = toView(await this.redecisions.start({ workspaceId, actor }, policy))
    void reply.header('location', `/v1/redecisions/${redecision.id}`)
    return redecision
  }

  @Get()
  @Needs('policies:read')
  @ApiOperation({ summary: 'Redecisions, newest first' })
  @ApiPageQuery()
  @Answers(200, RedecisionPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<RedecisionPage> {
    const page = validateQuery(ListQuery, query)
    return toPage((await this.redecisions.list(workspaceId, page.limit, placeOf(page))).map(toView), page.limit)
  }

  @Get(':id')
  @Needs('policies:read')
  @ApiOperation({ summary: 'How far a redecision is' })
  @Answers(200, RedecisionView, 'The redecision', [404])
  async get(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<RedecisionView> {
    return toView(found(await this.redecisions.find(workspaceId, id)))
  }

  @Post(':id/stop')
  @HttpCode(200)
  @Needs('admin')
  @ApiOperation({ summary: 'Decide no more results anew; what has changed stays' })
  @Answers(200, RedecisionView, 'The redecision', [400, 404])
  async stop(
    @Param('id') id: string,
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
  ): Promise<RedecisionView> {
    noBody(request.body)
    return toView(found(await this.redecisions.stop(workspaceId, id)))
  }
}

const found = (row: RedecisionRow | undefined): RedecisionRow => {
  if (row === undefined) throw new ReeltagError('NOT_FOUND', 'there is no such redecision')
  return row
}

const toView = ({ actor, without_result, created_at, finished_at, ...row }: RedecisionRow): RedecisionView =>
  // Parsed, because a row has more columns than a view.
  RedecisionView.parse({
    ...row,
    withoutResult: without_result,
    createdBy: actor,
    createdAt: created_at.toISOString(),
    finishedAt: finished_at?.toISOString() ?? null,
  })
