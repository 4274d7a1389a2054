import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ReeltagError, RerunPage, RerunView, StartRerun } from '@reeltag/contracts'
import { Reruns, type RerunRow } from '@reeltag/pipeline'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  Answers,
  ApiPageQuery,
  Needs,
  WorkspaceId,
  noBody,
  pageQuery,
  placeOf,
  readJson,
  schemaOf,
  toPage,
  validate,
  validateQuery,
} from '@reeltag/http'

const ListQuery = z.strictObject(pageQuery)

/** Reruns of the calling key's workspace. */
@ApiTags('administration')
@ApiBearerAuth()
@Controller('v1/admin/reruns')
@Needs('admin')
export class RerunsController {
  constructor(private readonly reruns: Reruns) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Tag many contents again with the pack in force: what is missing, everything, or what failed',
    description:
      'In bounded batches, behind everything interactive. Frames and embeddings that exist are reused. Asking for what is running already gives the rerun that is running.',
  })
  @ApiBody({ schema: schemaOf(StartRerun, 'input') })
  @Answers(202, RerunView, 'Begun; `Location` tells where to follow it', [400, 415])
  async start(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @WorkspaceId() workspaceId: string,
  ): Promise<RerunView> {
    const rerun = toView(await this.reruns.start(workspaceId, validate(StartRerun, readJson(request.body))))
    void reply.header('location', `/v1/admin/reruns/${rerun.id}`)
    return rerun
  }

  @Get()
  @ApiOperation({ summary: 'Reruns, newest first' })
  @ApiPageQuery()
  @Answers(200, RerunPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<RerunPage> {
    const page = validateQuery(ListQuery, query)
    return toPage((await this.reruns.list(workspaceId, page.limit, placeOf(page))).map(toView), page.limit)
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a rerun is' })
  @Answers(200, RerunView, 'The rerun', [404])
  async get(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<RerunView> {
    return toView(found(await this.reruns.find(workspaceId, id)))
  }

  @Post(':id/stop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send no more contents on their way; those on it go on' })
  @Answers(200, RerunView, 'The rerun', [400, 404])
  async stop(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @WorkspaceId() workspaceId: string,
  ): Promise<RerunView> {
    noBody(request.body)
    return toView(found(await this.reruns.stop(workspaceId, id)))
  }
}

const found = (row: RerunRow | undefined): RerunRow => {
  if (row === undefined) throw new ReeltagError('NOT_FOUND', 'there is no such rerun')
  return row
}

const toView = ({ selection, created_at, finished_at, ...row }: RerunRow): RerunView => ({
  ...row,
  contents: selection,
  createdAt: created_at.toISOString(),
  finishedAt: finished_at?.toISOString() ?? null,
})
