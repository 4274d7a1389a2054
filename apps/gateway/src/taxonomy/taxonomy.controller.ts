import { Controller, Get, Header } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger'
import { Answers, Needs, WorkspaceId } from '@reeltag/http'
import { TaxonomyService, TaxonomyView } from './taxonomy.service.js'

@ApiTags('taxonomy')
@ApiBearerAuth()
@Controller('v1/taxonomy')
export class TaxonomyController {
  constructor(private readonly taxonomy: TaxonomyService) {}

  @Get()
  @Needs('contents:read')
  @Header('cache-control', 'private, max-age=60')
  @ApiOperation({ summary: "The label tree of the workspace's pack" })
  @Answers(200, TaxonomyView, 'Facets and their nodes, parents before children')
  get(@WorkspaceId() workspaceId: string): Promise<TaxonomyView> {
    return this.taxonomy.get(workspaceId)
  }
}
