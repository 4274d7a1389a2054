import { z } from 'zod'

export const Scope = z.enum(['contents:read', 'contents:write', 'review:read', 'admin'])
export type Scope = z.infer<typeof Scope>
export const scopes = Scope.options

export const ServiceName = z.enum(['gateway', 'ingest', 'vision-encoder', 'text-encoder', 'fusion', 'review'])
export type ServiceName = z.infer<typeof ServiceName>
export const serviceNames = ServiceName.options
