import { Controller, Get, Header, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiBearerAuth, ApiConsumes, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger'
import {
  ContentAccepted,
  ContentHistory,
  ContentPage,
  ContentState,
  ContentView,
  ReeltagError,
  SubmitContent,
} from '@reeltag/contracts'
import { Tracing, attributeNames, spanNames } from '@reeltag/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  Answers,
  ApiPageQuery,
  callersTraceparent,
  idOf,
  languageOf,
  Needs,
  pageQuery,
  parseStrictJson,
  Refusals,
  schemaOf,
  traceparentOf,
  validate,
  validateQuery,
  WorkspaceId,
} from '@reeltag/http'
import { contentFilter } from './content-filter.js'
import { ContentsService } from './contents.service.js'
import { UploadReader, type Upload } from './upload-reader.js'

const ListQuery = z.strictObject({ ...contentFilter, ...pageQuery })

@ApiTags('contents')
@ApiBearerAuth()
@Controller('v1/contents')
export class ContentsController {
  constructor(
    private readonly contents: ContentsService,
    private readonly uploads: UploadReader,
    private readonly tracing: Tracing,
  ) {}

  @Post()
  @HttpCode(202)
  @Needs('contents:write')
  @ApiOperation({ summary: 'Submit a video, a text, or both' })
  @ApiConsumes('multipart/form-data', 'application/json')
  @Answers(202, ContentAccepted, 'Accepted; `Location` tells where to follow it', [400, 409, 413, 415, 422, 503, 507])
  async submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @WorkspaceId() workspaceId: string,
  ): Promise<ContentAccepted> {
    const options = { kind: 'server', parent: callersTraceparent(request) } as const
    return this.tracing.span(spanNames.submit, options, async (span) => {
      const upload = await this.tracing.span(spanNames.upload, {}, () => this.read(request))
      try {
        const submission = validate(SubmitContent, upload.content === undefined ? {} : parseStrictJson(upload.content))
        // Without tracing, logs still show which request submitted a content.
        const traceparent = span.traceparent ?? traceparentOf(request)
        const accepted = await this.tracing.span(spanNames.accept, {}, () =>
          this.contents.submit(workspaceId, { submission, file: upload.file, traceparent }),
        )
        span.set({ [attributeNames.contentId]: accepted.id, [attributeNames.workspaceId]: workspaceId })
        void reply.header('location', accepted.location)
        return accepted
      } finally {
        await this.uploads.discard(upload.file)
      }
    })
  }

  @Get()
  @Needs('contents:read')
  @ApiOperation({ summary: 'List contents, newest first' })
  @ApiQuery({ name: 'state', required: false, schema: schemaOf(ContentState) })
  @ApiQuery({ name: 'externalId', required: false })
  @ApiQuery({
    name: 'node',
    required: false,
    example: 'subject:animal/cat',
    description: 'published at this node or below',
  })
  @ApiQuery({ name: 'from', required: false, description: 'submitted at this moment or later' })
  @ApiQuery({ name: 'to', required: false, description: 'submitted before this moment' })
  @ApiQuery({
    name: 'q',
    required: false,
    description: 'text in the title. A page looks at some thousand contents; go on while there is a `nextCursor`',
  })
  @ApiPageQuery()
  @Answers(200, ContentPage, 'A page, and the cursor of the next', [400])
  list(
    @Query() query: unknown,
    @WorkspaceId() workspaceId: string,
    @Headers('accept-language') language?: string,
  ): Promise<ContentPage> {
    return this.contents.list(workspaceId, validateQuery(ListQuery, query), languageOf(language))
  }

  @Get(':id')
  @Needs('contents:read')
  @ApiOperation({ summary: 'State, stage timings and result of a content' })
  @Answers(200, ContentView, 'The content', [404])
  get(
    @Param('id') id: string,
    @WorkspaceId() workspaceId: string,
    @Headers('accept-language') language?: string,
  ): Promise<ContentView> {
    return this.contents.get(workspaceId, idOf(id, 'content'), languageOf(language))
  }

  @Get(':id/history')
  @Needs('contents:read')
  @ApiOperation({ summary: 'Every result that it has had, who or what decided it, and why' })
  @Answers(200, ContentHistory, 'Newest first, at most 200', [404])
  history(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<ContentHistory> {
    return this.contents.history(workspaceId, idOf(id, 'content'))
  }

  @Post(':id/retag')
  @HttpCode(202)
  @Needs('contents:write')
  @ApiOperation({ summary: "Tag it again with the workspace's pack; frames and embeddings are reused" })
  @Answers(202, ContentAccepted, 'Accepted', [404, 409])
  retag(@Param('id') id: string, @WorkspaceId() workspaceId: string): Promise<ContentAccepted> {
    return this.contents.retag(workspaceId, idOf(id, 'content'))
  }

  @Get(':id/filmstrip')
  @Needs('contents:read')
  @Header('cache-control', 'private, max-age=3600')
  @ApiOperation({ summary: 'The sampled frames side by side' })
  @ApiOkResponse({
    description: 'WebP, the frames in the order of time',
    content: { 'image/webp': { schema: { type: 'string', format: 'binary' } } },
  })
  @Refusals(404)
  async filmstrip(
    @Param('id') id: string,
    @WorkspaceId() workspaceId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const strip = await this.contents.filmstrip(workspaceId, idOf(id, 'content'))
    await reply.type('image/webp').send(strip)
  }

  private async read(request: FastifyRequest): Promise<Upload> {
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') throw new ReeltagError('MEDIA_TYPE_UNSUPPORTED', `content-encoding ${encoding}`)
    if (request.isMultipart()) return this.uploads.read(request)
    // The parser of application/json leaves the bytes as they came; they are checked in one place, in `submit`.
    if (Buffer.isBuffer(request.body)) return { content: request.body, file: undefined }
    throw new ReeltagError('MEDIA_TYPE_UNSUPPORTED', 'send multipart/form-data, or application/json for text alone')
  }
}
