import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ActivatePolicy, DraftPolicy, PolicyDocument, PolicyPage, PolicyView } from '@reeltag/contracts'
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
import { PoliciesRepository, type PolicyRow } from './policies.repository.js'
import { PoliciesService } from './policies.service.js'

const ListQuery = z.strictObject(pageQuery)

@ApiTags('policies')
@ApiBearerAuth()
@Controller('v1/policies')
export class PoliciesController {
  constructor(
    private readonly service: PoliciesService,
    private readonly policies: PoliciesRepository,
  ) {}

  @Post()
  @Needs('policies:write')
  @ApiOperation({
    summary: 'Draft a policy: find thresholds that keep the targets',
    description:
      'On the truth of the workspace: a quarter fits the calibration, the rest proves the thresholds. Nothing is published by a draft.',
  })
  @ApiBody({ schema: schemaOf(DraftPolicy, 'input') })
  @Answers(201, PolicyView, 'The draft, with its thresholds and their proofs', [400, 409, 415])
  async draft(
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<PolicyView> {
    return toView(await this.service.draft({ workspaceId, actor }, validate(DraftPolicy, readJson(request.body))))
  }

  @Get()
  @Needs('policies:read')
  @ApiOperation({ summary: 'Policies, newest first' })
  @ApiPageQuery()
  @Answers(200, PolicyPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<PolicyPage> {
    const page = validateQuery(ListQuery, query)
    return toPage((await this.policies.list(workspaceId, page.limit, placeOf(page))).map(toView), page.limit)
  }

  @Get(':id')
  @Needs('policies:read')
  @ApiOperation({ summary: 'A policy: its thresholds, their proofs, and what its replay found' })
  @Answers(200, PolicyView, 'The policy', [404])
  async get(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<PolicyView> {
    return toView(await this.policies.get(workspaceId, id))
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Needs('policies:write')
  @ApiOperation({ summary: 'Decide past contents again by this policy, without publishing anything' })
  @Answers(200, PolicyView, 'The policy, with what it would change', [400, 404, 409])
  async replay(
    @Param('id') id: string,
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
  ): Promise<PolicyView> {
    noBody(request.body)
    return toView(await this.service.replay(workspaceId, id))
  }

  @Post(':id/activate')
  @HttpCode(200)
  @Needs('admin')
  @ApiOperation({
    summary: 'Bring a replayed policy into force',
    description: 'New contents are decided by it within a second. A retired policy may be brought back this way.',
  })
  @ApiBody({ schema: schemaOf(ActivatePolicy, 'input') })
  @Answers(200, PolicyView, 'The policy in force', [400, 404, 409, 415])
  async activate(
    @Param('id') id: string,
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<PolicyView> {
    const wanted = validate(ActivatePolicy, readJson(request.body))
    return toView(await this.service.activate({ workspaceId, actor }, id, wanted))
  }

  @Post(':id/retire')
  @HttpCode(200)
  @Needs('admin')
  @ApiOperation({ summary: 'Take a policy out of force: the pack decides by itself again' })
  @Answers(200, PolicyView, 'The retired policy', [400, 404, 409])
  async retire(
    @Param('id') id: string,
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<PolicyView> {
    noBody(request.body)
    return toView(await this.service.retire({ workspaceId, actor }, id))
  }
}

const toView = (row: PolicyRow): PolicyView => ({
  id: row.id,
  ref: row.ref,
  state: row.state,
  pack: row.pack,
  document: PolicyDocument.parse(row.document),
  replay: row.replay,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  replayedAt: row.replayed_at?.toISOString() ?? null,
  activatedBy: row.activated_by,
  activatedAt: row.activated_at?.toISOString() ?? null,
  retiredAt: row.retired_at?.toISOString() ?? null,
})
