import { Controller, Get, Query } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { ReviewPage } from '@reeltag/contracts'
import { z } from 'zod'
import { Answers, Needs, WorkspaceId, decodeCursor, toPage, validate } from '@reeltag/http'
import { ItemsRepository } from './items.repository.js'

const ItemsQuery = z.strictObject({
  state: z.enum(['open', 'superseded']).default('open'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(500).optional(),
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
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } })
  @ApiQuery({ name: 'cursor', required: false })
  @Answers(200, ReviewPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<ReviewPage> {
    const { state, limit, cursor } = validate(ItemsQuery, query)
    const after = cursor === undefined ? undefined : decodeCursor(cursor)
    return toPage(await this.items.list(workspaceId, state, limit, after), limit)
  }
}
