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
