import { Database, newId } from '@reeltag/platform'
import { createTestDatabase } from '@reeltag/testing'

/**
 * A migrated database with one workspace, for as long as it is used.
 * @template T
 * @param {string} pack of the workspace
 * @param {(db: Database, workspaceId: string) => Promise<T>} use
 */
export const withDatabase = async (pack, use) => {
  const { url, drop } = await createTestDatabase()
  const db = new Database(url, { poolMax: 4 })
  try {
    const workspaceId = newId()
    await db.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'bench', $2)`, [workspaceId, pack])
    return await use(db, workspaceId)
  } finally {
    await db.close()
    await drop()
  }
}
