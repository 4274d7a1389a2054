// npm run migrations -- drift | new <name>: for whoever changes prisma/schema.prisma.
// Works on DATABASE_URL, or on an embedded Postgres in a temporary folder. Applying migrations is the platform's own
// command: npm run reeltag -- migrate deploy
import { errorCodes } from '@reeltag/contracts'
import { deployMigrations, startEmbeddedPostgres } from '@reeltag/platform'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { diffSchema } from './schema-engine.mjs'

const root = path.resolve(import.meta.dirname, '..')
const migrationsFolder = path.resolve(process.env.MIGRATIONS_DIR ?? path.join(root, 'prisma/migrations'))
const usage = 'usage: npm run migrations -- drift | new <name>'

const withServer = async (run) => {
  if (process.env.DATABASE_URL) return run(process.env.DATABASE_URL)
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-migrate-'))
  const postgres = await startEmbeddedPostgres(home)
  try {
    return await run(postgres.url)
  } finally {
    await postgres.stop()
    fs.rmSync(home, { recursive: true, force: true })
  }
}

const migrate = (url) => deployMigrations(url, migrationsFolder)

const drift = () =>
  withServer(async (url) => {
    const result = await diffSchema(url, migrate, { script: false })
    if (result.exitCode === 0) return console.log('the migrations make exactly prisma/schema.prisma')
    console.error(
      `the migrations and prisma/schema.prisma differ:\n${result.stdout}\nremedy: npm run migrations -- new <name>`,
    )
    process.exitCode = 1
  })

const create = (name) =>
  withServer(async (url) => {
    const { stdout } = await diffSchema(url, migrate, { script: true })
    const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
    const folder = path.join(migrationsFolder, `${stamp}_${name}`)
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'migration.sql'), stdout)
    console.log(path.relative(root, folder))
  })

const [command, name] = process.argv.slice(2)
try {
  if (command === 'drift') await drift()
  else if (command === 'new' && /^[a-z0-9_]+$/.test(name ?? '')) await create(name)
  else throw new Error(usage)
} catch (error) {
  const remedy = errorCodes[error.code]?.remedy
  const cause = error.cause ? `\ncause: ${error.cause.message}` : ''
  console.error(
    `${error.code ?? 'failed'}: ${error.message}${cause}${remedy ? `\nremedy: ${remedy.en}（${remedy.zh}）` : ''}`,
  )
  process.exitCode = 1
}
