import { Controller, Get, Query } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { ReviewPage } from '@reeltag/contracts'
import { z } from 'zod'
import { Answers, ApiPageQuery, Needs, WorkspaceId, pageQuery, placeOf, toPage, validateQuery } from '@reeltag/http'
import { ItemsRepository } from './items.repository.js'
import { decodeRankCursor, encodeRankCursor } from './rank-cursor.js'

const ItemsQuery = z.strictObject({
  state: z.enum(['open', 'superseded']).default('open'),
  order: z.enum(['newest', 'rank']).default('newest'),
  route: z.enum(['review', 'decide', 'hold']).optional(),
  ...pageQuery,
})

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/items')
export class ItemsController {
  constructor(private readonly items: ItemsRepository) {}

  @Get()
  @Needs('review:read')
  @ApiOperation({
    summary: 'What waits for a reviewer',
    description:
      'Newest first, or by rank: first what a rule of the policy sends, then by due time what the reviewers have the minutes for. What the machine decides by itself is in the list by rank only with route=decide.',
  })
  @ApiQuery({
    name: 'state',
    required: false,
    schema: { type: 'string', enum: ['open', 'superseded'], default: 'open' },
  })
  @ApiQuery({
    name: 'order',
    required: false,
    schema: { type: 'string', enum: ['newest', 'rank'], default: 'newest' },
  })
  @ApiQuery({ name: 'route', required: false, schema: { type: 'string', enum: ['review', 'decide', 'hold'] } })
  @ApiPageQuery()
  @Answers(200, ReviewPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<ReviewPage> {
    const { order, ...wanted } = validateQuery(ItemsQuery, query)
    const { limit, cursor } = wanted
    if (order === 'newest') {
      const found = await this.items.list(workspaceId, { ...wanted, order: { by: order, after: placeOf(wanted) } })
      return toPage(found, limit)
    }
    const after = cursor === undefined ? undefined : decodeRankCursor(cursor)
    const found = await this.items.list(workspaceId, { ...wanted, order: { by: order, after } })
    const items = found.slice(0, limit)
    const { rank, id } = (found.length > limit ? items.at(-1) : undefined) ?? {}
    const hasMore = rank !== undefined && id !== undefined
    return { items, nextCursor: hasMore ? encodeRankCursor({ rank, id }) : null }
  }
}
