// Compares the Prisma schema with what the migrations make, without the engine that Prisma would download:
// @prisma/schema-engine-wasm over a scratch database, bound by hand because Node 20 cannot import .wasm.
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import pg from 'pg'

const root = path.resolve(import.meta.dirname, '..')
const schemaPath = path.join(root, 'prisma/schema.prisma')
const charOid = 18
const textOid = 25

/** adapter-pg 7.10 rejects catalogue columns of type "char" (prisma/orm#27403), which the engine wants as Character. */
class CataloguePg extends PrismaPg {
  async connect() {
    /** @type {any} */
    const adapter = await super.connect()
    const performIO = adapter.performIO.bind(adapter)
    const queryRaw = adapter.queryRaw.bind(adapter)
    let chars = []
    adapter.performIO = async (query) => {
      const result = await performIO(query)
      chars = result.fields.map((field) => field.dataTypeID === charOid)
      for (const [index, field] of result.fields.entries()) if (chars[index]) field.dataTypeID = textOid
      return result
    }
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      for (const [index, isChar] of chars.entries()) if (isChar) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    }
    return adapter
  }
}

const loadEngine = async () => {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => console.error('schema engine panicked:', message),
  }
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const bytes = fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm'))
  // Node's types leave it to the browser's.
  const { WebAssembly } = /** @type {any} */ (globalThis)
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue
}

const withScratchDatabase = async (connectionString, run) => {
  const admin = new pg.Client({ connectionString })
  await admin.connect()
  const name = `scratch_${randomUUID().replaceAll('-', '')}`
  try {
    await admin.query(`CREATE DATABASE ${name}`)
    const url = new URL(connectionString)
    url.pathname = `/${name}`
    return await run(url.href)
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await admin.end()
  }
}

/**
 * @param {string} connectionString a server on which a scratch database may be made
 * @param {(url: string) => Promise<unknown>} migrate brings the scratch database to where the migrations end
 * @param {{ script: boolean }} options `script`: the SQL that is missing; otherwise a summary and exit code 0 or 2
 */
export const diffSchema = (connectionString, migrate, { script }) =>
  withScratchDatabase(connectionString, async (scratch) => {
    await migrate(scratch)
    const pool = new pg.Pool({ connectionString: scratch, max: 1 })
    const files = [{ path: schemaPath, content: fs.readFileSync(schemaPath, 'utf8') }]
    const glue = await loadEngine()
    const adapter = bindMigrationAwareSqlAdapterFactory(new CataloguePg(pool))
    /** @type {[string, string][]} */
    const datamodels = files.map(({ path: file, content }) => [file, content])
    const engine = await glue.SchemaEngine.new({ datamodels }, () => undefined, adapter)
    try {
      const params = {
        from: { tag: 'schemaDatasource', files, configDir: root },
        to: { tag: 'schemaDatamodel', files },
        script,
        exitCode: !script,
        filters: { externalTables: ['public._prisma_migrations'], externalEnums: [] },
        shadowDatabaseUrl: null,
      }
      // The engine wants what its types do not name.
      return await engine.diff(/** @type {any} */ (params))
    } finally {
      engine.free()
      await pool.end()
    }
  })
