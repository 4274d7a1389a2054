import type { Outbox, OutgoingEvent } from '@reeltag/events'
import type { Transaction } from '@reeltag/platform'
import type { PolicyRow } from './policies.repository.js'

/** Writes an event about a policy or a calibration in the transaction that makes it true, which is its subject. */
export const publishOfPolicy = (
  outbox: Outbox,
  tx: Transaction,
  { id, workspace_id: workspaceId }: Pick<PolicyRow, 'id' | 'workspace_id'>,
  event: OutgoingEvent,
): Promise<void> => {
  const subject = { source: 'policies', workspaceId, contentId: id, revision: 0, traceparent: null }
  return outbox.publish(tx, [{ ...event, ...subject }])
}
