// npm run services -- up [postgres redis kafka s3] | down | status
// Real servers for development: containers where a Docker engine answers, the same servers started natively elsewhere.
// Only the addresses go to stdout, as lines for a shell:  eval "$(npm run -s services -- up)"
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { bootstrap, exclusively, Failure, main, root } from './bootstrap.mjs'

const usage = 'usage: npm run services -- up [postgres redis kafka s3] | down | status'
const folder = path.resolve(process.env.REELTAG_SERVICES_DIR || path.join(root, '.reeltag-services'))
const stateFile = path.join(folder, 'state.json')
const usual = ['postgres', 'redis', 'kafka']
const serversFile = path.join(root, 'docker-compose.servers.yml')

const readState = () => (fs.existsSync(stateFile) ? JSON.parse(fs.readFileSync(stateFile, 'utf8')) : undefined)

const writeState = (state) => {
  fs.writeFileSync(`${stateFile}.draft`, JSON.stringify(state, undefined, 2), { mode: 0o600 })
  fs.renameSync(`${stateFile}.draft`, stateFile)
}

const say = (line) => process.stderr.write(`${line}\n`)

/** What the platform reads, by server. */
const variables = {
  postgres: ({ address }) => ({ DATABASE_URL: address }),
  redis: ({ address }) => ({ REDIS_URL: address }),
  kafka: ({ address }) => ({ KAFKA_BROKERS: address }),
  s3: ({ address, credentials }) => ({ BLOB_URL: address, ...credentials }),
}

const printExports = (servers) => {
  for (const [name, server] of Object.entries(servers))
    for (const [variable, value] of Object.entries(variables[name](server)))
      console.log(`export ${variable}='${value.replaceAll("'", `'\\''`)}'`)
}

// Docker Compose, where an engine answers

const docker = (args, options = {}) => spawnSync('docker', args, { cwd: root, encoding: 'utf8', ...options })

const engineAnswers = () => docker(['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 }).status === 0

/** A project of its own, by folder: `docker compose` in this clone is the platform, whose volumes are not ours to remove. */
const project = `reeltag-servers-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`

const compose = (settings, ...args) => {
  const { status, stderr } = docker(['compose', '--file', serversFile, '--project-name', project, ...args], {
    env: { ...process.env, ...settings },
  })
  if (status !== 0)
    throw new Failure(`docker compose ${args.join(' ')}:\n${stderr.trim()}`, 'read what Docker says, and try again')
}

/** Passwords and ports of the containers; the same for as long as they are up, whatever `.env` says. */
const newSettings = async () => {
  const { freePort } = await import('@reeltag/testing')
  return {
    POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
    REDIS_PASSWORD: randomBytes(16).toString('hex'),
    POSTGRES_PORT: String(await freePort()),
    REDIS_PORT: String(await freePort()),
    KAFKA_PORT: String(await freePort()),
  }
}

const composeUp = async (names, state) => {
  if (names.includes('s3')) throw new Failure('s3 has no container here', 'leave it out, or name an S3 by BLOB_URL')
  state.settings ??= await newSettings()
  // Before anything starts: whatever fails next, `down` finds it.
  writeState(state)
  compose(state.settings, 'up', '--detach', '--wait', ...names)
  const { POSTGRES_PASSWORD, REDIS_PASSWORD, POSTGRES_PORT, REDIS_PORT, KAFKA_PORT } = state.settings
  const addresses = {
    postgres: `postgresql://reeltag:${POSTGRES_PASSWORD}@127.0.0.1:${POSTGRES_PORT}/reeltag`,
    redis: `redis://:${REDIS_PASSWORD}@127.0.0.1:${REDIS_PORT}`,
    kafka: `127.0.0.1:${KAFKA_PORT}`,
  }
  for (const name of names) state.servers[name] = { address: addresses[name] }
}

// The same servers as tests use, where there is none

const start = async (name, testing, known) => {
  const where = { folder: path.join(folder, name), port: known?.port ?? (await testing.freePort()) }
  const starts = { postgres: 'startPostgres', redis: 'startRedis', kafka: 'startKafka', s3: 'startS3' }
  const server = await testing[starts[name]](where)
  const credentials = name === 's3' ? { credentials: testing.s3Credentials } : {}
  return { address: server.address, port: where.port, process: testing.identityOf(server.pid), ...credentials }
}

const nativeUp = async (names, state) => {
  const testing = await import('@reeltag/testing')
  const missing = names.flatMap((name) => (name === 'postgres' ? [] : (testing.whyNot(name) ?? [])))
  if (missing.length > 0) throw new Failure(missing.join('\n'), 'install what is missing, or start a Docker engine')
  for (const name of names) {
    const known = state.servers[name]
    if (known !== undefined && testing.isRunning(known.process)) continue
    say(`• start ${name}`)
    state.servers[name] = await start(name, testing, known)
    // At once: whatever fails next, `down` finds this one.
    writeState(state)
  }
}

const nativeDown = async ({ servers }) => {
  const [testing, platform] = await Promise.all([import('@reeltag/testing'), import('@reeltag/platform')])
  for (const [name, server] of Object.entries(servers)) {
    // Postgres asked by a signal would wait for its clients to leave.
    if (name === 'postgres') await platform.stopEmbeddedPostgres(path.join(folder, name))
    else await testing.endProcess(server.process, { graceMs: 15_000 })
    say(`• stopped ${name}`)
  }
}

const up = async (asked) => {
  const names = asked.length > 0 ? asked : usual
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const state = readState() ?? { engine: engineAnswers() ? 'docker' : 'native', servers: {} }
  if (state.engine === 'native') await nativeUp(names, state)
  else await composeUp(names, state)
  writeState(state)
  if (names.includes('postgres')) {
    const { deployMigrations } = await import('@reeltag/platform')
    await deployMigrations(state.servers.postgres.address)
  }
  printExports(state.servers)
  say('• `npm run services -- down` stops them and removes what they stored')
}

const down = async () => {
  const state = readState()
  if (state === undefined) return say('• nothing is up')
  if (state.engine === 'native') await nativeDown(state)
  else compose(state.settings, 'down', '--volumes')
  fs.rmSync(folder, { recursive: true, force: true })
}

const status = async () => {
  const { isRunning } = await import('@reeltag/testing')
  const state = readState()
  if (state === undefined) return say('• nothing is up')
  for (const [name, { address, process: server }] of Object.entries(state.servers)) {
    if (state.engine === 'docker') say(`${name.padEnd(10)} container   ${address}`)
    else say(`${name.padEnd(10)} ${isRunning(server) ? 'running' : 'dead   '}   ${address}   pid ${server.pid}`)
  }
  printExports(state.servers)
}

const commands = { up, down, status }

await main(async () => {
  const [command = '', ...names] = process.argv.slice(2)
  if (!(command in commands)) {
    process.exitCode = 2
    throw new Failure(`there is no command ${command}`, usage)
  }
  const unknown = names.filter((name) => command !== 'up' || !(name in variables))
  if (unknown.length > 0) {
    process.exitCode = 2
    throw new Failure(`there is no server ${unknown.join(', ')}`, usage)
  }
  if (command !== 'up' && readState() === undefined) return say('• nothing is up')
  await bootstrap(process.stderr)
  await exclusively(`${folder}.lock`, () => commands[command](names))
  // A connection to Postgres that claims its folder is still open; the server outlives it.
  process.exit()
})
