import { Controller, Get, Header, Param } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ContentMedia } from '@reeltag/contracts'
import { Answers, idOf, Needs, WorkspaceId } from '@reeltag/http'
import { MediaService } from './media.service.js'

@ApiTags('contents')
@ApiBearerAuth()
@Controller('v1/contents/:id/media')
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @Get()
  @Needs('contents:read')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({
    summary: 'Addresses of the video, its frames and its filmstrip that a browser can load for some minutes',
  })
  @Answers(200, ContentMedia, 'The addresses', [404])
  view(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<ContentMedia> {
    return this.media.view(workspaceId, idOf(id, 'content'))
  }
}
