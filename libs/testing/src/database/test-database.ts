import { randomUUID } from 'node:crypto'
import type { PostgresServer } from '../servers/postgres-server.js'
import { sharedServer } from '../servers/shared-servers.js'
import { copyTemplate, dropDatabase, startTemplatedPostgres } from '../servers/templated-postgres.js'
import { testEnvironment } from '../test-environment.js'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/**
 * A fresh, migrated database. All files of a test run have it on one Postgres: never stop, lock or overload the server.
 * Outside a test run the server is this process's own and ends with its last database.
 */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const { address, release } = testEnvironment.runFolder === undefined ? await ownServer() : await runsServer()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  return {
    url: await copyTemplate(address, name),
    drop: async () => {
      await dropDatabase(address, name)
      await release()
    },
  }
}

interface Use {
  readonly address: string
  release(): Promise<void>
}

const runsServer = async (): Promise<Use> => {
  const { address } = await sharedServer('postgres')
  return { address, release: () => Promise.resolve() }
}

let own: Promise<PostgresServer> | undefined
let users = 0

const ownServer = async (): Promise<Use> => {
  users++
  const postgres = await (own ??= startTemplatedPostgres())
  return {
    address: postgres.address,
    release: async () => {
      if (--users > 0) return
      own = undefined
      await postgres.remove()
    },
  }
}
