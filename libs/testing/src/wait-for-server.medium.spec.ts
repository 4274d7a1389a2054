import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger, Database, Health, waitForServer } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres, type PostgresServer } from './servers/postgres-server.js'

describe('waiting for a server', () => {
  let server: PostgresServer
  let address: string
  beforeAll(async () => {
    server = await startPostgres()
    address = server.address
  })
  afterAll(() => server.remove())

  const waitFor = async (url: string, seconds: number, signal = new AbortController().signal): Promise<void> => {
    const db = new Database(url, { poolMax: 1 })
    const options = { seconds, logger: createLogger({ level: 'silent' }), health: new Health(), signal }
    const probe = async (): Promise<void> => void (await db.query('SELECT 1'))
    await waitForServer('Postgres', probe, options).finally(() => db.close())
  }
  const strange = (): string => Object.assign(new URL(address), { pathname: '/nobody' }).href

  it('ends at once where it answers and says no, with the code of a server that cannot be used', async () => {
    const started = performance.now()
    const refusal = { code: 'SERVER_UNREACHABLE', message: 'Postgres rejects the connection' }
    await expect(waitFor(strange(), 60)).rejects.toMatchObject(refusal)
    expect(performance.now() - started).toBeLessThan(30_000)
  })

  it('ends when the time is over, with the code of a server that cannot be reached', async () => {
    await server.stop()
    const refusal = { code: 'SERVER_UNREACHABLE', message: 'Postgres could not be reached within 1 s' }
    await expect(waitFor(address, 1)).rejects.toMatchObject(refusal)
  })

  it('ends when the process is asked to stop', async () => {
    const stopping = new AbortController()
    const waiting = waitFor(address, 600, stopping.signal)
    stopping.abort(new Error('the process stops'))
    await expect(waiting).rejects.toThrow('the process stops')
  })

  it('goes on when it is up', async () => {
    const waiting = waitFor(address, 60)
    await sleep(1_000)
    await server.start()
    await waiting
  })
})
