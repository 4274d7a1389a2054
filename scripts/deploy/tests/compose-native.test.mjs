import { filledIn, NativeCompose, until, whyNot } from '@reeltag/testing'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { root } from '../../bootstrap.mjs'
import { carryOutDocumented, documentedCommands } from '../../documented-commands.mjs'
import { openTools } from '../tools.mjs'

const tools = await openTools()

const missing = [whyNot('redis'), whyNot('kafka')].filter((reason) => reason !== undefined).join('; ')
if (missing !== '' && process.env.REELTAG_REQUIRE_ALL === '1') throw new Error(missing)
const minutes = 60_000

const authorization = `Bearer ${filledIn.REELTAG_BOOTSTRAP_KEY}`

const query = async (database, statement) => {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** What a restore must bring back. */
const heldBy = async (database) => {
  const blobs = await query(database, 'SELECT sha256 FROM blobs ORDER BY 1')
  const [{ contents, predictions }] = await query(
    database,
    'SELECT (SELECT count(*)::int FROM contents) AS contents, (SELECT count(*)::int FROM predictions) AS predictions',
  )
  return { blobs: blobs.map(({ sha256 }) => sha256), contents, predictions }
}

describe('docker compose up, without Docker', { skip: missing === '' ? false : missing }, () => {
  const compose = new NativeCompose()
  before(() => compose.up(), { timeout: 15 * minutes })
  after(() => compose.down(), { timeout: 3 * minutes })

  it('tags a clip that is sent to the gateway, through services of their own on real servers', async () => {
    const [sample] = JSON.parse(fs.readFileSync(path.join(root, 'samples/samples.json'), 'utf8'))
    const form = new FormData()
    form.append('content', JSON.stringify({ title: sample.title }))
    form.append('file', new Blob([fs.readFileSync(path.join(root, 'samples', sample.file))]), 'clip.mp4')
    const accepted = await fetch(`${compose.url}/v1/contents`, {
      method: 'POST',
      body: form,
      headers: { authorization },
    })
    assert.equal(accepted.status, 202, await accepted.clone().text())
    const { id } = /** @type {any} */ (await accepted.json())
    const content = await until('the content is final', 60, async () => {
      const response = await fetch(`${compose.url}/v1/contents/${id}`, { headers: { authorization } })
      const body = /** @type {any} */ (await response.json())
      return body.state === 'processing' ? undefined : body
    })
    assert.ok(
      content.result?.tags.some(({ path: found }) => found === sample.path),
      JSON.stringify(content),
    )
    assert.ok(content.stages.every(({ state }) => state === 'done'))
  })

  it('is backed up and restored with the documented commands', { skip: tools.missing ?? false }, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-backup-'))
    const { database, blobs } = compose.addresses
    const restored = { DATABASE_URL: database.replace(/\/\w+$/, '/restored'), BLOBS: path.join(folder, 'blobs') }
    const clients = { BACKUP: folder, PATH: `${tools.postgresClients}:${process.env.PATH}` }
    try {
      await query(database, 'CREATE DATABASE restored')
      const version = `psql "$DATABASE_URL" -c 'SHOW server_version'`
      assert.match(await carryOutDocumented([version], { ...clients, DATABASE_URL: database }), /^ 18\./m)
      const held = await heldBy(database)
      await carryOutDocumented(documentedCommands('docs/operations/back-up.md', 'backup'), {
        ...clients,
        DATABASE_URL: database,
        BLOBS: blobs,
      })
      await carryOutDocumented(documentedCommands('docs/operations/back-up.md', 'restore'), { ...clients, ...restored })
      assert.deepEqual(await heldBy(restored.DATABASE_URL), held)
      assert.ok(held.blobs.length > 0 && held.predictions === 1)
      const files = new Set(fs.readdirSync(restored.BLOBS, { recursive: true }).map((file) => path.basename(file)))
      for (const blob of held.blobs) assert.ok(files.has(blob), `${blob} was restored`)
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })

  it('rotates a key of the API with the documented commands', async () => {
    const [create, list, revoke] = documentedCommands('docs/operations/administer.md', 'keys')
    const env = { DATABASE_URL: compose.addresses.database }
    const key = (await carryOutDocumented([create], env)).trim()
    const ask = () => fetch(`${compose.url}/v1/contents`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal((await ask()).status, 200)
    const prefix = key.split('_')[1]
    assert.match(
      await carryOutDocumented([list, revoke], { ...env, OLD_PREFIX: prefix }),
      new RegExp(`^${prefix}\t`, 'm'),
    )
    await until('the key is refused', 60, async () => (await ask()).status === 401)
  })

  it('gives Redis another password with the documented commands', async () => {
    const [added, removed] = documentedCommands('docs/operations/administer.md', 'redis-password')
    const { hostname: REDIS_HOST, port: REDIS_PORT } = new URL(compose.addresses.redis)
    const env = { REDIS_HOST, REDIS_PORT, OLD_PASSWORD: filledIn.REDIS_PASSWORD, NEW_PASSWORD: 'redis1password' }
    const ping = (password) =>
      carryOutDocumented([`REDISCLI_AUTH=${password} redis-cli -h ${REDIS_HOST} -p ${REDIS_PORT} ping 2>&1`], env)
    await carryOutDocumented([added], env)
    assert.match(await ping(env.OLD_PASSWORD), /PONG/)
    await carryOutDocumented([removed], env)
    assert.match(await ping(env.NEW_PASSWORD), /PONG/)
    assert.match(await ping(env.OLD_PASSWORD), /NOAUTH|WRONGPASS/)
  })

  it('migrates once, and again for nothing', async () => {
    assert.match(compose.logOf('migrate'), /applied \d/)
    assert.match(await compose.runAgain('migrate'), /nothing to apply/)
  })

  it('writes nothing into the image, whose root is read-only', () => {
    assert.ok(compose.imageIsUntouched)
  })

  it('stops every service within its grace period, with nothing to complain about', async () => {
    const names = compose.services.map(([name]) => name).filter((name) => name !== 'migrate')
    const ends = await Promise.all(names.map(async (name) => ({ name, ...(await compose.stop(name)) })))
    for (const { name, code, seconds, grace } of ends) {
      assert.equal(code, 0, `${name}: ${compose.logOf(name).slice(-2_000)}`)
      assert.ok(seconds < grace, `${name} took ${seconds} s of ${grace} s`)
    }
  })
})
