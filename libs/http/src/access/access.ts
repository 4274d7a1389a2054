import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common'
import type { KeyScope } from '@reeltag/contracts'
import type { FastifyRequest } from 'fastify'

/** Who is calling, and what they may do. */
export interface Access {
  readonly workspaceId: string
  /** As changes name it: `key:<id>`. */
  readonly actor: string
  readonly scopes: ReadonlySet<KeyScope>
}

export const REQUIRED_SCOPE = Symbol('reeltag.required-scope')
export const OPEN = 'open'

/** The scope that a route needs. A route without one is refused to everyone. */
export const Needs = (scope: KeyScope | typeof OPEN): MethodDecorator & ClassDecorator =>
  SetMetadata(REQUIRED_SCOPE, scope)

export type RequestWithAccess = FastifyRequest & { access?: Access }

/** Who is calling, as changes name it. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { access } = context.switchToHttp().getRequest<RequestWithAccess>()
  return access?.actor ?? ''
})

/** The workspace of the calling key. Other workspaces do not exist for it. */
export const WorkspaceId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { access } = context.switchToHttp().getRequest<RequestWithAccess>()
  return access?.workspaceId ?? ''
})

/** What the caller may do, for routes that give some callers more than others. */
export const Scopes = createParamDecorator((_: unknown, context: ExecutionContext): ReadonlySet<KeyScope> => {
  const { access } = context.switchToHttp().getRequest<RequestWithAccess>()
  return access?.scopes ?? new Set()
})
