import type { Foundation } from '@reeltag/messaging'
import {
  assertSchema,
  createLogger,
  Database,
  deployMigrations,
  Health,
  Metrics,
  openBlobs,
  startEmbeddedPostgres,
  type Config,
  type EmbeddedPostgres,
} from '@reeltag/platform'

export interface OpenFoundation extends Foundation {
  /** True where nobody else can be working on this database and these blobs: both are the home's own. */
  readonly exclusive: boolean
  /** Closes what was opened, the embedded server last. */
  close(): Promise<void>
}

/** Opens what every service stands on: the named Postgres or the embedded one, blobs, logs, metrics. */
export const openFoundation = async (config: Config): Promise<OpenFoundation> => {
  const logger = createLogger(config.log)
  const embedded = config.database.url === undefined ? await startEmbeddedPostgres(config.home) : undefined
  try {
    return await openOn(config, logger, embedded)
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

const openOn = async (
  config: Config,
  logger: Foundation['logger'],
  embedded: EmbeddedPostgres | undefined,
): Promise<OpenFoundation> => {
  const connectionString = config.database.url ?? embedded?.url ?? ''
  // A server of one's own gets its schema here; a shared one gets it from whoever operates it, before a roll-out.
  if (embedded !== undefined) await deployMigrations(connectionString)
  const db = new Database(connectionString, { poolMax: config.database.poolMax })
  await assertSchema(db)
  const health = new Health()
  health.register('postgres', async () => {
    await db.query('SELECT 1')
  })
  return {
    ...{ config, connectionString, db, logger, health },
    blobs: openBlobs(config.blobs, db),
    metrics: new Metrics(),
    exclusive: embedded !== undefined && config.blobs.own,
    close: async () => {
      await db.close()
      await embedded?.stop()
    },
  }
}
