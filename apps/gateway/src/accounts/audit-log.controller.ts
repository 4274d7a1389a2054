import { Controller, Get, Query } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import { AuditPage, storable } from '@reeltag/contracts'
import {
  Answers,
  ApiPageQuery,
  AuditLog,
  Needs,
  pageQuery,
  placeOf,
  toPage,
  validateQuery,
  WorkspaceId,
} from '@reeltag/http'
import { z } from 'zod'

const AuditQuery = z.strictObject({
  actor: storable(200).optional(),
  subject: storable(200).optional(),
  ...pageQuery,
})

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('v1/audit-log')
@Needs('review:lead')
export class AuditLogController {
  constructor(private readonly audit: AuditLog) {}

  @Get()
  @ApiOperation({ summary: 'What was done by whom, newest first' })
  @ApiQuery({ name: 'actor', required: false, example: 'user:01980000-0000-7000-8000-000000000000' })
  @ApiQuery({ name: 'subject', required: false })
  @ApiPageQuery()
  @Answers(200, AuditPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<AuditPage> {
    const wanted = validateQuery(AuditQuery, query)
    const rows = await this.audit.list(workspaceId, wanted, { limit: wanted.limit, after: placeOf(wanted) })
    const entries = rows.map(({ created_at: created, ...entry }) => ({ ...entry, createdAt: created.toISOString() }))
    const { items, nextCursor } = toPage(entries, wanted.limit)
    return { items: items.map(({ createdAt: at, ...entry }) => ({ ...entry, at })), nextCursor }
  }
}
