import { Controller, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { AddNote, KeepDraft, ReviewTaskView } from '@reeltag/contracts'
import {
  Actor,
  Answers,
  idOf,
  Needs,
  readJson,
  Refusals,
  schemaOf,
  validate,
  type WithBody,
  WorkspaceId,
} from '@reeltag/http'
import { RemarksRepository } from './remarks.repository.js'
import { TasksRepository } from './tasks.repository.js'

@ApiTags('review')
@ApiBearerAuth()
@Controller('v1/review/items/:id')
export class TasksController {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly remarks: RemarksRepository,
  ) {}

  @Get()
  @Needs('review:read')
  @ApiOperation({ summary: 'A review item with all that a reviewer needs' })
  @Answers(200, ReviewTaskView, 'The item', [404])
  async get(
    @Param('id') id: string,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<ReviewTaskView> {
    idOf(id, 'review item')
    return this.tasks.get(workspaceId, id, actor)
  }

  @Put('draft')
  @HttpCode(204)
  @Needs('review:write')
  @ApiOperation({ summary: 'Keep what is chosen and typed, until the verdict' })
  @ApiBody({ schema: schemaOf(KeepDraft, 'input') })
  @ApiResponse({ status: 204, description: 'It is kept' })
  @Refusals(400, 404, 409, 415)
  async keepDraft(
    @Req() request: WithBody,
    @Param('id') itemId: string,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<void> {
    idOf(itemId, 'review item')
    await this.remarks.keepDraft({ workspaceId, actor }, { itemId, ...validate(KeepDraft, readJson(request.body)) })
  }

  @Post('notes')
  @Needs('review:write')
  @ApiOperation({ summary: 'Say something about an item, for whoever looks at it next' })
  @ApiBody({ schema: schemaOf(AddNote, 'input') })
  @Answers(201, ReviewTaskView, 'The item with its notes', [400, 404, 415])
  async addNote(
    @Req() request: WithBody,
    @Param('id') itemId: string,
    @WorkspaceId() workspaceId: string,
    @Actor() who: string,
  ): Promise<ReviewTaskView> {
    idOf(itemId, 'review item')
    const { text } = validate(AddNote, readJson(request.body))
    await this.remarks.addNote(workspaceId, itemId, { who, text })
    return this.tasks.get(workspaceId, itemId, who)
  }
}
