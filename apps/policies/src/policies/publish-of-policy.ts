import type { Outbox, OutgoingEvent } from '@reeltag/events'
import { writeAudit } from '@reeltag/http'
import type { Transaction } from '@reeltag/platform'
import { z } from 'zod'
import type { PolicyRow } from './policies.repository.js'

/** What the events about policies and calibrations have in common. Audits change policies, too, and no person does then. */
const Changed = z.looseObject({
  actor: z.string().default('platform'),
  policy: z.string().optional(),
  calibration: z.string().optional(),
})

/**
 * Writes an event about a policy or a calibration in the transaction that makes it true, which is its subject, and the
 * same into the audit log.
 */
export const publishOfPolicy = async (
  outbox: Outbox,
  tx: Transaction,
  { id, workspace_id: workspaceId }: Pick<PolicyRow, 'id' | 'workspace_id'>,
  event: OutgoingEvent,
): Promise<void> => {
  const subject = { source: 'policies', workspaceId, contentId: id, revision: 0, traceparent: null }
  await outbox.publish(tx, [{ ...event, ...subject }])
  const { actor, ...detail } = Changed.parse(event.data)
  const about = detail.policy === undefined ? `calibration:${detail.calibration ?? id}` : `policy:${detail.policy}`
  await writeAudit(tx, { workspaceId, actor, action: event.name.replace(/\.v\d+$/, ''), subject: about, detail })
}
