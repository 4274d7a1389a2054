import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common'
import { ApiExtension } from '@nestjs/swagger'
import type { KeyScope } from '@reeltag/contracts'
import type { FastifyRequest } from 'fastify'
import type { ActiveSession } from '../sessions/sessions.service.js'
import type { Access } from './principal.js'

export const REQUIRED_SCOPE = Symbol('reeltag.required-scope')
/** For everyone, without a key or a session. */
export const OPEN = 'open'
/** For every person who is signed in, and for no key. */
export const SIGNED_IN = 'signed-in'
export type Needed = KeyScope | typeof OPEN | typeof SIGNED_IN

/** What a route needs. A route without it is refused to everyone. OpenAPI shows it as `x-reeltag-needs`. */
export const Needs = (needed: Needed): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED_SCOPE, needed), ApiExtension('x-reeltag-needs', needed))

export type RequestWithAccess = FastifyRequest & { access?: Access; session?: ActiveSession }

/** Who is calling, as changes name it. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { access } = context.switchToHttp().getRequest<RequestWithAccess>()
  return access?.actor ?? ''
})

/** The workspace of the caller. Other workspaces do not exist for it. */
export const WorkspaceId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { access } = context.switchToHttp().getRequest<RequestWithAccess>()
  return access?.workspaceId ?? ''
})

/** What the caller may do, for routes that give some callers more than others. */
export const Scopes = createParamDecorator((_: unknown, context: ExecutionContext): ReadonlySet<KeyScope> => {
  const { access } = context.switchToHttp().getRequest<RequestWithAccess>()
  return access?.scopes ?? new Set()
})

/** The session of the caller, on routes that are for people who are signed in. */
export const Session = createParamDecorator((_: unknown, context: ExecutionContext): ActiveSession | undefined => {
  const { session } = context.switchToHttp().getRequest<RequestWithAccess>()
  return session
})
