import { Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { NewVerdict, storable, VerdictPage, VerdictView, type KeyScope } from '@reeltag/contracts'
import {
  Actor,
  Answers,
  ApiPageQuery,
  idOf,
  Needs,
  noBody,
  pageQuery,
  placeOf,
  readJson,
  schemaOf,
  Scopes,
  toPage,
  validate,
  validateQuery,
  type WithBody,
  WorkspaceId,
} from '@reeltag/http'
import { z } from 'zod'
import { VerdictUndoing } from './undo-verdict.js'
import { VerdictsRepository } from './verdicts.repository.js'
import { VerdictsService } from './verdicts.service.js'

const ListQuery = z.strictObject({
  itemId: z.uuid().optional(),
  who: storable(200).min(1).optional(),
  ...pageQuery,
})

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/verdicts')
export class VerdictsController {
  constructor(
    private readonly service: VerdictsService,
    private readonly undoing: VerdictUndoing,
    private readonly verdicts: VerdictsRepository,
  ) {}

  @Post()
  @Needs('review:write')
  @ApiOperation({
    summary: 'Decide an item that the caller holds',
    description:
      'Nothing is published before publishesAt, and until then it can be undone freely. Sending the same verdict again, after an answer was lost, changes nothing and is answered 200.',
  })
  @ApiBody({ schema: schemaOf(NewVerdict, 'input') })
  @Answers(201, VerdictView, 'The verdict', [400, 404, 409, 415, 422])
  async give(
    @Req() request: WithBody,
    @Res({ passthrough: true }) reply: { status(code: number): unknown },
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<VerdictView> {
    const verdict = validate(NewVerdict, readJson(request.body))
    const { view, isNew } = await this.service.give({ workspaceId, actor }, verdict)
    if (!isNew) reply.status(HttpStatus.OK)
    return view
  }

  @Post(':id/undo')
  @HttpCode(200)
  @Needs('review:write')
  @ApiOperation({
    summary: 'Take a verdict back',
    description:
      "Free before publishesAt; later what was before is published again with a higher revision. The item is open again, and held by whoever undoes their own verdict. A lead may undo others' verdicts.",
  })
  @Answers(200, VerdictView, 'The verdict, undone', [400, 404, 409])
  async undo(
    @Req() request: WithBody,
    @Param('id') id: string,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
    @Scopes() scopes: ReadonlySet<KeyScope>,
  ): Promise<VerdictView> {
    noBody(request.body)
    idOf(id, 'verdict')
    return this.undoing.undo({ workspaceId, actor }, id, scopes.has('review:lead'))
  }

  @Get()
  @Needs('review:read')
  @ApiOperation({ summary: 'What reviewers have decided, newest first' })
  @ApiQuery({ name: 'itemId', required: false, schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({ name: 'who', required: false })
  @ApiPageQuery()
  @Answers(200, VerdictPage, 'A page, and the cursor of the next', [400])
  async list(
    @Query() query: unknown,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
    @Scopes() scopes: ReadonlySet<KeyScope>,
  ): Promise<VerdictPage> {
    const { cursor, limit, ...wanted } = validateQuery(ListQuery, query)
    const blindFor = scopes.has('review:lead') ? undefined : actor
    const found = await this.verdicts.list(workspaceId, { ...wanted, limit, before: placeOf({ cursor }), blindFor })
    const { items, nextCursor } = toPage(
      found.map((verdict) => ({ createdAt: verdict.at, id: verdict.id, verdict })),
      limit,
    )
    return { items: items.map(({ verdict }) => verdict), nextCursor }
  }
}
