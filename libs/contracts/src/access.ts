import { z } from 'zod'

/** What a key may do in its workspace. */
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
