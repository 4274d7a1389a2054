import { z } from 'zod'
import { open } from './released.js'

/** What a key, or a person by the role, may do in a workspace. */
export const Scope = z.enum([
  'contents:read',
  'contents:write',
  'review:read',
  'review:write',
  'review:lead',
  'labels:read',
  'labels:write',
  'policies:read',
  'policies:write',
  'admin',
])
export type Scope = z.infer<typeof Scope>

/** What a key may do: in its workspace, or, with `platform`, about what all workspaces share, such as queues. */
export const KeyScope = z.enum([...Scope.options, 'platform'])
export type KeyScope = z.infer<typeof KeyScope>
export const keyScopes = KeyScope.options

/** What a person is in a workspace. Each role may do what the one before it may. */
export const Role = z.enum(['reviewer', 'lead', 'admin'])
export type Role = z.infer<typeof Role>
export const RoleName = open(Role)

const reviewer = ['contents:read', 'review:read', 'review:write'] as const
const lead = [...reviewer, 'review:lead', 'labels:read', 'policies:read'] as const

/** No role may what concerns all workspaces: that takes a key with `platform`. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  reviewer,
  lead,
  admin: [...lead, 'contents:write', 'labels:write', 'policies:write', 'admin'],
}
