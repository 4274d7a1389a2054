import { ReeltagError } from '@reeltag/contracts'
import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import type { Database } from './database.js'

export interface Migration {
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, as Prisma records it. */
  readonly checksum: string
}

export const migrationsFolder = path.resolve(import.meta.dirname, '../../../../prisma/migrations')
// The lock key of Prisma's own engine, so that this and a `prisma migrate deploy` elsewhere wait for each other.
const prismaMigrationLock = 72_707_369

const migrationsTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`

export const readMigrations = (folder: string = migrationsFolder): Migration[] =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = fs.readFileSync(path.join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/**
 * Applies missing migrations, each in one transaction, and records them as Prisma does. Prisma's own deploy needs an
 * engine that it downloads; this does not (ADR 0007).
 * @returns the names that were applied
 * @throws POSTGRES_UNAVAILABLE, SCHEMA_MISMATCH, MIGRATION_EDITED
 */
export const deployMigrations = async (connectionString: string, folder?: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString })
  // A broken connection also fails its statement. Without a listener it would end the process.
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    throw new ReeltagError('POSTGRES_UNAVAILABLE', 'the database could not be reached, or rejects the connection', {
      cause: error,
    })
  })
  try {
    await client.query('SELECT pg_advisory_lock($1)', [prismaMigrationLock])
    await client.query(migrationsTable)
    const recorded = await appliedChecksums(client)
    const missing = readMigrations(folder).filter((migration) => isMissing(migration, recorded))
    for (const migration of missing) await apply(client, migration)
    return missing.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

/**
 * Refuses a schema that this version cannot work with: migrations are missing, a migration is incomplete, or a newer
 * version has removed something. A newer schema that only has additions is accepted, because old and new services run
 * side by side during a roll-out.
 * @returns names of migrations that this version does not know
 * @throws SCHEMA_MISMATCH, MIGRATION_EDITED, POSTGRES_UNAVAILABLE
 */
export const assertSchema = async (db: Database, folder?: string): Promise<string[]> => {
  const rows = await db
    .query<RecordedMigration>(
      `SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    .catch((error: unknown) => {
      // 42P01: the table does not exist, so nobody has migrated this database yet.
      if ((error as { code?: string }).code === '42P01') return []
      throw new ReeltagError('POSTGRES_UNAVAILABLE', 'the database does not answer', { cause: error })
    })
  const halfway = rows.filter(({ finished_at }) => finished_at === null).map(({ migration_name }) => migration_name)
  const recorded = new Map(rows.map(({ migration_name, checksum }) => [migration_name, checksum]))
  const known = readMigrations(folder)
  const missing = known.filter((migration) => isMissing(migration, recorded)).map(({ name }) => name)
  const problems = [
    ...(missing.length > 0 ? [`the database lacks ${missing.join(', ')}`] : []),
    ...(halfway.length > 0 ? [`${halfway.join(', ')} did not finish`] : []),
  ]
  if (problems.length > 0) throw new ReeltagError('SCHEMA_MISMATCH', problems.join('; '))
  await assertAboveFloor(db, known)
  const names = new Set(known.map(({ name }) => name))
  return [...recorded.keys()].filter((name) => !names.has(name))
}

interface RecordedMigration {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
}

const assertAboveFloor = async (db: Database, known: readonly Migration[]): Promise<void> => {
  const [floor] = await db.query<{ migration: string }>(`SELECT migration FROM schema_floor`)
  const newest = known.at(-1)?.name ?? ''
  if (floor === undefined || floor.migration <= newest) return
  throw new ReeltagError(
    'SCHEMA_MISMATCH',
    `the database was contracted for versions that have ${floor.migration}; the newest that this one has is ${newest}`,
  )
}

const appliedChecksums = async (client: pg.Client): Promise<Map<string, string>> => {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    `SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return new Map(rows.map(({ migration_name, checksum }) => [migration_name, checksum]))
}

const isMissing = ({ name, checksum }: Migration, recorded: ReadonlyMap<string, string>): boolean => {
  const applied = recorded.get(name)
  if (applied !== undefined && applied !== checksum) {
    throw new ReeltagError('MIGRATION_EDITED', `${name} is not the file that was applied to this database`)
  }
  return applied === undefined
}

const apply = async (client: pg.Client, { name, sql, checksum }: Migration): Promise<void> => {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new ReeltagError('SCHEMA_MISMATCH', `migration ${name} failed`, { cause: error })
  }
}
