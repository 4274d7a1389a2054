import { newId, type Database } from '@reeltag/platform'

export interface NewWorkspace {
  readonly id?: string
  /** Its id unless given. */
  readonly name?: string
  readonly pack?: string
}

/** @returns the id of the workspace */
export const addWorkspace = async (
  db: Pick<Database, 'query'>,
  { id = newId(), name = id, pack = 'starter/2.0.0' }: NewWorkspace = {},
): Promise<string> => {
  await db.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, $2, $3)`, [id, name, pack])
  return id
}
