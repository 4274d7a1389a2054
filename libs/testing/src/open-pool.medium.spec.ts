import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openPool } from '@reeltag/platform'
import { TcpProxy } from './servers/tcp-proxy.js'
import { createTestDatabase, type TestDatabase } from './database/test-database.js'

let database: TestDatabase
let proxy: TcpProxy
beforeAll(async () => {
  database = await createTestDatabase()
  proxy = await TcpProxy.start(new URL(database.url).host)
})
afterAll(async () => {
  await proxy.close()
  await database.drop()
})

it('fails the statement whose borrowed connection breaks, and throws nothing at the process', async () => {
  const url = new URL(database.url)
  url.port = String(proxy.port)
  const pool = openPool({ connectionString: url.href, max: 1 })
  // As a library borrows one: without a listener of its own.
  const borrowed = await pool.connect()
  const ended = new Promise((resolve) => borrowed.once('end', resolve))
  const statement = borrowed.query('SELECT pg_sleep(60)')
  proxy.set('reset')
  await expect(statement).rejects.toThrow(/ECONNRESET|terminated/)
  await ended
  borrowed.release(true)
  proxy.set('pass')
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await pool.end()
})
