import { Controller, Get, Query } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { ReviewQuality } from '@reeltag/contracts'
import { Answers, Needs, validateQuery, WorkspaceId } from '@reeltag/http'
import { z } from 'zod'
import { QualityRepository } from './quality.repository.js'

const [daysMax, daysDefault] = [90, 7]
const QualityQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(daysMax).default(daysDefault) })

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/quality')
export class QualityController {
  constructor(private readonly quality: QualityRepository) {}

  @Get()
  @Needs('review:lead')
  @ApiOperation({
    summary: 'What reviewers did, and how far they agree',
    description: 'For leads only: it is no leaderboard.',
  })
  @ApiQuery({
    name: 'days',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: daysMax, default: daysDefault },
  })
  @Answers(200, ReviewQuality, 'The last days', [400])
  async get(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<ReviewQuality> {
    return this.quality.of(workspaceId, validateQuery(QualityQuery, query).days)
  }
}
