import { describe, expect, it } from '@jest/globals'
import { Database, openEmbeddedPostgres, startEmbeddedPostgres } from '@reeltag/platform'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { until } from './until.js'

describe('the embedded Postgres', () => {
  it('starts its server again when that was killed, at the same address, and stops it in the end', async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-platform-'))
    let lost = 0
    const embedded = await startEmbeddedPostgres(elsewhere, { onLost: () => lost++ })
    const pidFile = path.join(elsewhere, 'postgres/postmaster.pid')
    const pid = (): number => Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0])
    const database = new Database(embedded.url, { poolMax: 1 })
    await database.transaction((tx) => tx.query('CREATE TABLE kept (id int)'), { durable: true })
    for (let killed = 1; killed <= 2; killed++) {
      const before = pid()
      process.kill(before, 'SIGKILL')
      await until('another server runs', 30, () => fs.existsSync(pidFile) && pid() !== before)
      const holders = (): Promise<unknown[]> =>
        database.query(`SELECT 1 FROM kept RIGHT JOIN pg_locks ON true WHERE locktype = 'advisory'`).catch(() => [])
      await until('it answers, and the home is held', 30, async () => (await holders()).length > 0)
      expect(lost).toBe(killed)
    }
    await expect(startEmbeddedPostgres(elsewhere)).rejects.toMatchObject({ code: 'HOME_LOCKED' })
    await database.close()
    await embedded.stop()
    await expect(openEmbeddedPostgres(elsewhere)).rejects.toMatchObject({ code: 'POSTGRES_UNAVAILABLE' })
    fs.rmSync(elsewhere, { recursive: true, force: true })
  })
})
