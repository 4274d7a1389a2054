import type { ItemChange } from '@reeltag/contracts'
import type { Transaction } from './database.js'

/** Far below the 8,000 bytes of a payload. */
const itemsMax = 50

/**
 * Tells the pages that watch a workspace of review items, when the transaction commits; costs next to nothing while
 * nobody watches. Changes of contents, stages and numbers of items are told by triggers.
 */
export const tellWatchers = async (
  tx: Transaction,
  workspaceId: string,
  items: readonly { readonly id: string; readonly change: ItemChange }[],
): Promise<void> => {
  for (let from = 0; from < items.length; from += itemsMax) {
    const change = { queues: true, items: items.slice(from, from + itemsMax) }
    await tx.query(`SELECT tell_watchers($1::uuid, $2::jsonb)`, [workspaceId, JSON.stringify(change)])
  }
}
