import { ReeltagError } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'

/** @throws NOT_FOUND */
export const findWorkspace = async (
  tx: Transaction,
  name: string,
  lock: 'FOR UPDATE' | '' = '',
): Promise<{ id: string; pack: string }> => {
  const [row] = await tx.query<{ id: string; pack: string }>(
    `SELECT id, pack FROM workspaces WHERE name = $1 ${lock}`,
    [name],
  )
  if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no workspace ${name}`)
  return row
}

/**
 * The pack that a workspace tags with.
 * @throws NOT_FOUND where the workspace is gone
 */
export const packInForce = async (
  tx: Pick<Transaction, 'query'>,
  workspaceId: string,
  lock: 'FOR NO KEY UPDATE' | '' = '',
): Promise<string> => {
  const [row] = await tx.query<{ pack: string }>(`SELECT pack FROM workspaces WHERE id = $1 ${lock}`, [workspaceId])
  if (row === undefined) throw new ReeltagError('NOT_FOUND', 'the workspace is gone')
  return row.pack
}
