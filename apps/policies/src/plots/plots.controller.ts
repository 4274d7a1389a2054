import { applyDecorators, Controller, Get, Header, Param, Query } from '@nestjs/common'
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { Needs, Refusals, validateQuery, WorkspaceId } from '@reeltag/http'
import { z } from 'zod'
import { PlotsService } from './plots.service.js'
import { rowsDefault } from './thresholds-plot.js'

const choice = {
  facet: z.string().min(1).max(100).optional(),
  mask: z.string().min(1).max(100).optional(),
  lang: z.enum(['zh', 'en']).default('en'),
}
export const PlotQuery = z.strictObject(choice)
export const ThresholdsQuery = z.strictObject({
  ...choice,
  rows: z.coerce.number().int().min(1).max(500).default(rowsDefault),
})

/** A picture that a browser may show and must not run: it is opened without scripts, plug-ins and other addresses. */
const Svg = (summary: string): MethodDecorator =>
  applyDecorators(
    Needs('policies:read'),
    Header('content-type', 'image/svg+xml; charset=utf-8'),
    Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    Header('cache-control', 'private, max-age=3600'),
    ApiOperation({ summary }),
    ApiQuery({ name: 'lang', required: false, enum: ['zh', 'en'] }),
    ApiQuery({ name: 'mask', required: false, description: 'streams such as text+video; the first ones unless given' }),
    ApiQuery({ name: 'facet', required: false, description: 'the first one unless given' }),
    ApiOkResponse({ description: 'A picture', content: { 'image/svg+xml': { schema: { type: 'string' } } } }),
    Refusals(400, 404),
  )

@ApiTags('policies')
@ApiBearerAuth()
@Controller('v1')
export class PlotsController {
  constructor(private readonly plots: PlotsService) {}

  @Get('calibrations/:id/plots/reliability.svg')
  @Svg('Confidence beside truth, before and after a calibration')
  reliability(@Param('id') id: string, @Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<string> {
    return this.plots.reliability(workspaceId, id, validateQuery(PlotQuery, query))
  }

  @Get('policies/:id/plots/risk-coverage.svg')
  @Svg('How error grows with what a policy publishes, on the contents of its proof')
  riskCoverage(@Param('id') id: string, @Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<string> {
    return this.plots.riskCoverage(workspaceId, id, validateQuery(PlotQuery, query))
  }

  @Get('policies/:id/plots/thresholds.svg')
  @Svg('From which confidence a policy publishes, by group, beside what was promised and proven')
  @ApiQuery({
    name: 'rows',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 500, default: rowsDefault },
  })
  thresholds(@Param('id') id: string, @Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<string> {
    return this.plots.thresholds(workspaceId, id, validateQuery(ThresholdsQuery, query))
  }
}
