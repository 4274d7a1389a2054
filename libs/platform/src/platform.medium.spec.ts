import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Database } from './database/database.js'
import {
  openEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
  type EmbeddedPostgres,
} from './database/embedded-postgres.js'
import { Health } from './operations/health.js'
import { newId } from './database/ids.js'
import { Metrics } from './operations/metrics.js'
import { assertSchema, deployMigrations, migrationsFolder, readMigrations } from './database/migrations.js'
import { OperationsServer } from './operations/operations-server.js'

describe('the embedded platform', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-platform-'))
  let postgres: EmbeddedPostgres
  let db: Database
  beforeAll(async () => {
    postgres = await startEmbeddedPostgres(home)
    db = new Database(postgres.url, { poolMax: 4 })
  })
  afterAll(async () => {
    await db.close()
    await postgres.stop()
    fs.rmSync(home, { recursive: true, force: true })
  })

  it('belongs to one platform at a time, and leaves the first alone', async () => {
    await expect(startEmbeddedPostgres(home)).rejects.toMatchObject({ code: 'HOME_LOCKED' })
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(await openEmbeddedPostgres(home)).toBe(postgres.url)
  })

  it('starts after a power cut although its old process number now belongs to somebody else', async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-platform-'))
    const pidFile = path.join(elsewhere, 'postgres/postmaster.pid')
    const first = await startEmbeddedPostgres(elsewhere)
    const [, ...rest] = fs.readFileSync(pidFile, 'utf8').split('\n')
    await first.stop()
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)'], { stdio: 'ignore' })
    fs.writeFileSync(pidFile, [stranger.pid, ...rest].join('\n'))
    await stopEmbeddedPostgres(elsewhere)
    await expect(openEmbeddedPostgres(elsewhere)).rejects.toMatchObject({ code: 'POSTGRES_UNAVAILABLE' })
    const second = await startEmbeddedPostgres(elsewhere)
    await second.stop()
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    stranger.kill()
    fs.rmSync(elsewhere, { recursive: true, force: true })
  })

  it('says of a home that is no folder, and of an address that is not here, what to set', async () => {
    const file = path.join(home, 'a-file')
    fs.writeFileSync(file, '')
    for (const place of [file, path.join(file, 'below')])
      await expect(startEmbeddedPostgres(place)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' })
    // TEST-NET-3: no machine has it.
    const away = OperationsServer.open({ host: '203.0.113.5', port: 0 }, new Health(), new Metrics())
    await expect(away).rejects.toMatchObject({ code: 'ADDRESS_UNUSABLE' })
  })

  it('refuses to serve before its schema is there, and after a migration was edited', async () => {
    await expect(assertSchema(db)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
    expect(await deployMigrations(postgres.url)).not.toEqual([])
    expect(await deployMigrations(postgres.url)).toEqual([])
    await expect(assertSchema(db)).resolves.toEqual([])
    const edited = path.join(home, 'migrations')
    fs.cpSync(migrationsFolder, edited, { recursive: true })
    fs.appendFileSync(path.join(edited, '20261124000000_init/migration.sql'), '\n-- changed afterwards\n')
    await expect(deployMigrations(postgres.url, edited)).rejects.toMatchObject({ code: 'MIGRATION_EDITED' })
  })

  it('takes all of a migration or nothing', async () => {
    const broken = path.join(home, 'broken')
    fs.cpSync(migrationsFolder, broken, { recursive: true })
    fs.mkdirSync(path.join(broken, '20991231000000_broken'))
    fs.writeFileSync(
      path.join(broken, '20991231000000_broken/migration.sql'),
      'CREATE TABLE half (id int); SELECT nonsense;',
    )
    await expect(deployMigrations(postgres.url, broken)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
    expect(await db.query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }])
  })

  it('applies each migration once when two deploy at the same moment', async () => {
    await db.query('CREATE DATABASE twice')
    const url = new URL(postgres.url)
    url.pathname = '/twice'
    const applied = await Promise.all([deployMigrations(url.href), deployMigrations(url.href)])
    expect(applied.map(({ length }) => length).sort((a, b) => a - b)).toEqual([0, readMigrations().length])
  })

  describe('a service of the version before', () => {
    let shared: Database
    const newer = path.join(home, 'newer')
    const add = (name: string, sql: string): Promise<string[]> => {
      fs.mkdirSync(path.join(newer, name), { recursive: true })
      fs.writeFileSync(path.join(newer, name, 'migration.sql'), sql)
      return deployMigrations(shared.url, newer)
    }
    beforeAll(async () => {
      await db.query('CREATE DATABASE rollout')
      const url = new URL(postgres.url)
      url.pathname = '/rollout'
      shared = new Database(url.href, { poolMax: 2 })
      fs.cpSync(migrationsFolder, newer, { recursive: true })
    })
    afterAll(() => shared.close())

    it('goes on with a schema that has more than it knows', async () => {
      await add('20990101000000_expand', 'ALTER TABLE workspaces ADD COLUMN colour text')
      expect(await assertSchema(shared)).toEqual(['20990101000000_expand'])
    })

    it('is refused once something was taken away that it may use, and the new version is not', async () => {
      const contract = `ALTER TABLE workspaces DROP COLUMN colour;
        UPDATE schema_floor SET migration = '20990101000000_expand'`
      await add('20990102000000_contract', contract)
      await expect(assertSchema(shared)).rejects.toMatchObject({
        code: 'SCHEMA_MISMATCH',
        message: expect.stringContaining('20990101000000_expand') as unknown,
      })
      expect(await assertSchema(shared, newer)).toEqual([])
    })

    it('and everybody else is refused after a migration that did not finish', async () => {
      await shared.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '20990102%'`)
      await expect(assertSchema(shared, newer)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
    })
  })

  it('undoes a transaction that throws, and keeps its connections usable', async () => {
    const fails = (): Promise<void> =>
      db.transaction(
        async (tx) => {
          await tx.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'undone', 'p')`, [newId()])
          throw new Error('no')
        },
        { durable: true },
      )
    for (let round = 0; round < 10; round++) await expect(fails()).rejects.toThrow('no')
    expect(await db.query(`SELECT 1 FROM workspaces WHERE name = 'undone'`)).toEqual([])
  })

  it('frees the rows of a process that froze in the middle of a transaction, and tells it why', async () => {
    const id = newId()
    await db.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'frozen', 'p')`, [id])
    const frozen = db.transaction(
      async (tx) => {
        await tx.query(`UPDATE workspaces SET name = 'late' WHERE id = $1`, [id])
        await sleep(13_000)
        await tx.query(`SELECT 1`)
      },
      { durable: true },
    )
    const refused = expect(frozen).rejects.toMatchObject({ code: '25P03' })
    await db.query(`UPDATE workspaces SET name = 'taken' WHERE id = $1`, [id])
    await refused
    expect(await db.query(`SELECT name FROM workspaces WHERE id = $1`, [id])).toEqual([{ name: 'taken' }])
  })
})
