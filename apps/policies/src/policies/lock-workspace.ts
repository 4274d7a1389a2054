import { packInForce } from '@reeltag/pipeline'
import type { Transaction } from '@reeltag/platform'

/**
 * Whoever holds the row of the workspace is alone in changing its policies and calibrations.
 * @returns the pack in force. @throws NOT_FOUND
 */
export const lockWorkspace = (tx: Transaction, workspaceId: string): Promise<string> =>
  packInForce(tx, workspaceId, 'FOR NO KEY UPDATE')
