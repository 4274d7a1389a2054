import { deployMigrations, startEmbeddedPostgres, type EmbeddedPostgres } from '@reeltag/platform'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

interface Server {
  readonly postgres: EmbeddedPostgres
  readonly home: string
  users: number
}

let server: Promise<Server> | undefined

/**
 * A fresh, migrated database on a real Postgres of this test file's own: free port, temporary folder, stopped with the
 * last database. Copies of one migrated template keep it quick.
 */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const running = await (server ??= start())
  const { postgres } = running
  running.users++
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(postgres.url, `CREATE DATABASE ${name} TEMPLATE reeltag_template`)
  return {
    url: withDatabase(postgres.url, name),
    drop: async () => {
      await administer(postgres.url, `DROP DATABASE ${name} WITH (FORCE)`)
      if (--running.users === 0) await stop(running)
    },
  }
}

const start = async (): Promise<Server> => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-test-'))
  const postgres = await startEmbeddedPostgres(home)
  await administer(postgres.url, 'CREATE DATABASE reeltag_template')
  await deployMigrations(withDatabase(postgres.url, 'reeltag_template'))
  return { postgres, home, users: 0 }
}

const stop = async ({ postgres, home }: Server): Promise<void> => {
  server = undefined
  await postgres.stop()
  fs.rmSync(home, { recursive: true, force: true })
}

const administer = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
