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

export const migrationsFolder = path.resolve(import.meta.dirname, '../../../prisma/migrations')
// The key that Prisma's own engine takes, so that `prisma migrate deploy` elsewhere and we wait for each other.
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
 * Applies what is missing, each migration in one transaction, recorded as Prisma records it. Prisma's own deploy needs
 * an engine that it downloads; this needs nothing (ADR 0007).
 * @returns the names that were applied
 */
export const deployMigrations = async (connectionString: string, folder?: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString })
  await client.connect()
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

/** Refuses to serve on a schema that is not this version's. */
export const assertSchema = async (db: Database): Promise<void> => {
  const rows = await db
    .query<{ migration_name: string; checksum: string }>(
      `SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    )
    .catch((error: unknown) => {
      // 42P01: the table does not exist, so nobody has migrated this database yet.
      if ((error as { code?: string }).code === '42P01') return []
      throw new ReeltagError('POSTGRES_UNAVAILABLE', 'the database does not answer', { cause: error })
    })
  const recorded = new Map(rows.map(({ migration_name, checksum }) => [migration_name, checksum]))
  const missing = readMigrations().filter((migration) => isMissing(migration, recorded))
  if (missing.length > 0) {
    throw new ReeltagError('SCHEMA_MISMATCH', `the database lacks ${missing.map(({ name }) => name).join(', ')}`)
  }
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
