import { ReeltagError } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import type { Queues } from './queues.js'

/**
 * A process with another store of queues than the leading process gets no jobs, or adds them where nobody works. It
 * would look idle and healthy for ever. The leader records its store four times a second, so a store that was only
 * restarted differs for a moment.
 *
 * @throws QUEUES_DIFFER when the leading relay adds jobs to another store than this process has
 */
export const assertSameStore = async (db: Database, queues: Pick<Queues, 'incarnation'>): Promise<void> => {
  const present = await queues.incarnation()
  const [known] = await db.query<{ incarnation: string }>(`SELECT incarnation FROM queue_stores`)
  if (known === undefined || known.incarnation === present) return
  throw new ReeltagError(
    'QUEUES_DIFFER',
    `QUEUES_DIFFER: jobs are given to the store "${known.incarnation}", and this process has "${present}"; ` +
      'give every process the same REDIS_URL and REDIS_PREFIX',
  )
}
