import { deployMigrations } from '@reeltag/platform'
import pg from 'pg'
import { startPostgres, type PostgresServer } from './postgres-server.js'

const template = 'reeltag_template'

/** A Postgres with one migrated database that others are copied from, which is much quicker than migrating each. */
export const startTemplatedPostgres = async (): Promise<PostgresServer> => {
  const postgres = await startPostgres()
  const { address } = postgres
  // What is stored here need not outlive a power cut, and dropping a database otherwise waits for the disk.
  for (const setting of ['fsync = off', 'full_page_writes = off'])
    await administer(address, `ALTER SYSTEM SET ${setting}`)
  await administer(address, 'SELECT pg_reload_conf()')
  await administer(address, `CREATE DATABASE ${template}`)
  await deployMigrations(databaseOf(address, template))
  return postgres
}

/** @returns its URL */
export const copyTemplate = async (address: string, name: string): Promise<string> => {
  await administer(address, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  return databaseOf(address, name)
}

export const dropDatabase = (address: string, name: string): Promise<void> =>
  administer(address, `DROP DATABASE ${name} WITH (FORCE)`)

const administer = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const databaseOf = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
