import { assertSchema, Database, openEmbeddedPostgres, type Config } from '@reeltag/platform'

/**
 * Runs a command on the Postgres of the configuration: the named one, or the embedded one of a running platform.
 * @throws POSTGRES_UNAVAILABLE, SCHEMA_MISMATCH, MIGRATION_EDITED; whatever the command fails with
 */
export const withDatabase = async <T>(
  config: Config,
  run: (db: Database, connectionString: string) => Promise<T>,
): Promise<T> => {
  const url = config.database.url ?? (await openEmbeddedPostgres(config.home))
  const db = new Database(url, { poolMax: 2 })
  try {
    await assertSchema(db)
    return await run(db, url)
  } finally {
    await db.close()
  }
}
