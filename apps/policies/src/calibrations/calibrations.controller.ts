import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { CalibrationDocument, CalibrationPage, CalibrationView, FitCalibration } from '@reeltag/contracts'
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
import { CalibrationsRepository, type CalibrationSummary, type StoredCalibration } from './calibrations.repository.js'
import { CalibrationsService } from './calibrations.service.js'

const ListQuery = z.strictObject(pageQuery)

@ApiTags('policies')
@ApiBearerAuth()
@Controller('v1/calibrations')
export class CalibrationsController {
  constructor(
    private readonly service: CalibrationsService,
    private readonly calibrations: CalibrationsRepository,
  ) {}

  @Post()
  @Needs('policies:write')
  @ApiOperation({
    summary: 'Fit a calibration on the truth of the workspace',
    description:
      'On the quarter of the truth that no proof uses, for the pack in force. It changes nothing until a policy that was drafted with it comes into force.',
  })
  @ApiBody({ schema: schemaOf(FitCalibration, 'input') })
  @Answers(201, CalibrationView, 'The calibration, with its report', [400, 409, 415, 422])
  async fit(
    @Req() request: WithBody,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<CalibrationView> {
    return toView(await this.service.fit({ workspaceId, actor }, validate(FitCalibration, readJson(request.body))))
  }

  @Get()
  @Needs('policies:read')
  @ApiOperation({ summary: 'Calibrations, newest first' })
  @ApiPageQuery()
  @Answers(200, CalibrationPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<CalibrationPage> {
    const page = validateQuery(ListQuery, query)
    const rows = await this.calibrations.list(workspaceId, page.limit, placeOf(page))
    return toPage(rows.map(toSummary), page.limit)
  }

  @Get(':id')
  @Needs('policies:read')
  @ApiOperation({
    summary: 'A calibration: its maps by class, and how well they do on contents they were not fitted on',
  })
  @Answers(200, CalibrationView, 'The calibration', [404])
  async get(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<CalibrationView> {
    return toView(await this.calibrations.get(workspaceId, id))
  }
}

const toView = ({ document: stored, ...row }: StoredCalibration): CalibrationView => {
  const document = CalibrationDocument.parse(stored)
  const { taxonomy, family, evidence } = document
  return { ...toSummary({ ...row, taxonomy, family, contents: evidence.calibrated }), document }
}

const toSummary = (row: CalibrationSummary): CalibrationPage['items'][number] => ({
  id: row.id,
  ref: row.ref,
  pack: row.pack,
  taxonomy: row.taxonomy,
  family: row.family as CalibrationView['family'],
  because: row.because,
  contents: row.contents,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
})
