import { Controller, Get, Query } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { ReviewPage } from '@reeltag/contracts'
import { z } from 'zod'
import { Answers, ApiPageQuery, Needs, WorkspaceId, pageQuery, placeOf, toPage, validateQuery } from '@reeltag/http'
import { ItemsRepository } from './items.repository.js'

const ItemsQuery = z.strictObject({
  state: z.enum(['open', 'superseded']).default('open'),
  ...pageQuery,
})

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/items')
export class ItemsController {
  constructor(private readonly items: ItemsRepository) {}

  @Get()
  @Needs('review:read')
  @ApiOperation({ summary: 'What waits for a reviewer, newest first' })
  @ApiQuery({
    name: 'state',
    required: false,
    schema: { type: 'string', enum: ['open', 'superseded'], default: 'open' },
  })
  @ApiPageQuery()
  @Answers(200, ReviewPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<ReviewPage> {
    const { state, ...page } = validateQuery(ItemsQuery, query)
    return toPage(await this.items.list(workspaceId, state, page.limit, placeOf(page)), page.limit)
  }
}
