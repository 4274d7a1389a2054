import { Database, newId } from '@reeltag/platform'
import { ExplainingDatabase } from './explaining-database.js'
import { fillContents } from './fill-contents.js'
import { createTestDatabase } from './test-database.js'

export interface FilledDatabase {
  readonly db: ExplainingDatabase
  /** Whose the contents are. */
  readonly workspaceId: string
  close(): Promise<void>
}

/** A database with so many concluded contents of one workspace, whose planner knows them. */
export const openFilledDatabase = async (contents: number): Promise<FilledDatabase> => {
  const { url, drop } = await createTestDatabase()
  const workspaceId = newId()
  const filler = new Database(url, { poolMax: 2 })
  await filler.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'full', 'starter/2.0.0')`, [workspaceId])
  const range = { workspaceId, from: 0, to: contents, total: contents }
  await filler.transaction((tx) => fillContents(tx, range), { durable: false })
  await filler.query('VACUUM (ANALYZE)')
  await filler.close()
  const db = new ExplainingDatabase(url, { poolMax: 4 })
  return {
    db,
    workspaceId,
    close: async () => {
      await db.close()
      await drop()
    },
  }
}
