import { ReeltagError } from '@reeltag/contracts'
import { newId, type Database } from '@reeltag/platform'
import type { Queues } from './queues.js'

/**
 * If two databases share one store, their workers take each other's jobs and drop what they do not know. A store
 * therefore remembers the first database that used it.
 *
 * @throws DATABASES_DIFFER where another database uses this process's queues
 */
export const assertSameDatabase = async (db: Database, queues: Pick<Queues, 'owner'>): Promise<void> => {
  await db.query(`INSERT INTO shared_stores (name, identity) VALUES ('database', $1) ON CONFLICT DO NOTHING`, [newId()])
  const [row] = await db.query<{ identity: string }>(`SELECT identity FROM shared_stores WHERE name = 'database'`)
  const database = row?.identity ?? ''
  const owner = await queues.owner(database)
  if (owner === database) return
  throw new ReeltagError(
    'DATABASES_DIFFER',
    `the queues belong to the database "${owner}", and this process has "${database}"`,
  )
}
