import { z } from 'zod'
import { response } from '../released.js'

/** Something that somebody did, as it was written down then. Entries are never changed. */
export const AuditEntry = response(
  'AuditEntry',
  z.object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actor: z.string().describe('user:<id>, key:<id>, or cli:<name> for a command'),
    action: z.string().describe('such as session.started, user.role-changed, verdict.given'),
    subject: z.string().describe('what it was done to: user:<id>, content:<id>, policy:<name/number> …'),
    detail: z.record(z.string(), z.unknown()),
  }),
)
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditPage = response(
  'AuditPage',
  z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() }),
)
export type AuditPage = z.infer<typeof AuditPage>
