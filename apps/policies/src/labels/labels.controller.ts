import { Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { LabelPage, LabelResults, LabelSource, LabelView, NewLabels, storable } from '@reeltag/contracts'
import {
  Actor,
  Answers,
  ApiPageQuery,
  Needs,
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
import { LabelsRepository, type LabelRow } from './labels.repository.js'
import { LabelsService } from './labels.service.js'

const ListQuery = z.strictObject({
  contentId: z.uuid().optional(),
  facet: storable(100).min(1).optional(),
  source: LabelSource.optional(),
  history: z.enum(['true', 'false']).default('false'),
  ...pageQuery,
})

@ApiTags('labels')
@ApiBearerAuth()
@Controller('v1/labels')
export class LabelsController {
  constructor(
    private readonly service: LabelsService,
    private readonly labels: LabelsRepository,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('labels:write')
  @ApiOperation({
    summary: 'Say what contents are',
    description:
      'Up to 1,000 labels. Those that fit are stored in one transaction, the others are refused one by one. Sending the same labels again changes nothing.',
  })
  @ApiBody({ schema: schemaOf(NewLabels, 'input') })
  @Answers(200, LabelResults, 'What became of each label', [400, 413, 415])
  async store(
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() who: string,
  ): Promise<LabelResults> {
    const labels = validate(NewLabels, readJson(request.body))
    const results = await this.service.store(workspaceId, labels, { who, at: new Date().toISOString() })
    const count = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length
    return { stored: count('stored'), known: count('known'), refused: count('refused'), results }
  }

  @Get()
  @Needs('labels:read')
  @ApiOperation({ summary: 'What is known to be true of contents, newest first' })
  @ApiQuery({ name: 'contentId', required: false, schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({ name: 'facet', required: false })
  @ApiQuery({ name: 'source', required: false, schema: { type: 'string', enum: LabelSource.options } })
  @ApiQuery({
    name: 'history',
    required: false,
    description: 'also labels that a later word has superseded',
    schema: { type: 'boolean', default: false },
  })
  @ApiPageQuery()
  @Answers(200, LabelPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<LabelPage> {
    const { history, limit, cursor, ...filter } = validateQuery(ListQuery, query)
    const wanted = { ...filter, history: history === 'true' }
    const rows = await this.labels.list(workspaceId, wanted, limit, placeOf({ cursor }))
    return toPage(rows.map(toView), limit)
  }
}

const toView = (row: LabelRow): LabelView => ({
  id: row.id,
  contentId: row.contentId,
  externalId: row.externalId,
  facet: row.facet,
  path: row.path === '' ? null : row.path,
  taxonomy: row.taxonomy,
  source: row.source,
  who: row.who,
  at: row.at.toISOString(),
  propensity: row.propensity,
  createdAt: row.createdAt.toISOString(),
  supersededAt: row.supersededAt?.toISOString() ?? null,
})
