import { Controller, Get, Header, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common'
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ChangeUser, NewUser, SignInLink, UserPage, UserView } from '@reeltag/contracts'
import {
  Actor,
  Answers,
  ApiPageQuery,
  idOf,
  Needs,
  noBody,
  pageQuery,
  placeOf,
  readJson,
  schemaOf,
  SessionCookie,
  SessionsService,
  signInUrl,
  toPage,
  type UserRow,
  UsersService,
  validate,
  validateQuery,
  WorkspaceId,
} from '@reeltag/http'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('v1/users')
@Needs('admin')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The people of the workspace, newest first' })
  @ApiPageQuery()
  @Answers(200, UserPage, 'A page, and the cursor of the next', [400])
  async list(@Query() query: unknown, @WorkspaceId() workspaceId: string): Promise<UserPage> {
    const page = validateQuery(z.strictObject(pageQuery), query)
    const rows = await this.users.list(workspaceId, page.limit, placeOf(page))
    return toPage(rows.map(toView), page.limit)
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Add a person; a link, or the OpenID provider by the e-mail address, lets them in' })
  @ApiBody({ schema: schemaOf(NewUser, 'input') })
  @Answers(201, UserView, 'The user', [400, 409, 415])
  async add(
    @Req() { body }: FastifyRequest,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<UserView> {
    return toView(await this.users.add({ workspaceId, actor }, validate(NewUser, readJson(body))))
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change the role, or disable a person, which ends their sessions' })
  @ApiBody({ schema: schemaOf(ChangeUser, 'input') })
  @Answers(200, UserView, 'The user as they are now', [400, 404, 415])
  async change(
    @Param('id') id: string,
    @Req() { body }: FastifyRequest,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<UserView> {
    const change = validate(ChangeUser, readJson(body))
    const row = await this.users.change({ workspaceId, actor }, idOf(id, 'user'), change)
    this.sessions.forget()
    return toView(row)
  }

  @Post(':id/link')
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A link that signs this person in once; links from before no longer work' })
  @Answers(201, SignInLink, 'Shown only here', [401, 404])
  async link(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
  ): Promise<SignInLink> {
    noBody(request.body)
    const { token, expiresAt } = await this.users.link({ workspaceId, actor }, idOf(id, 'user'))
    return { url: signInUrl(this.cookie.originOf(request), token), expiresAt: expiresAt.toISOString() }
  }
}

const toView = ({ id, name, role, email, subject, created_at: created, disabled_at: disabled }: UserRow): UserView => ({
  id,
  name,
  role,
  email,
  openId: subject !== null,
  createdAt: created.toISOString(),
  disabledAt: disabled?.toISOString() ?? null,
})
