import { startEmbeddedPostgres, type EmbeddedPostgres } from '@reeltag/platform'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.js'
import { endProcess, identityOf, type ProcessIdentity } from '../process-identity.js'
import { forgetServer, newDataFolder, recordServer } from '../run-folder.js'

export interface PostgresOptions {
  /** Home of the cluster; default: a new temporary folder. */
  readonly folder?: string
  /** Default: a free one. */
  readonly port?: number
}

const startTriesMax = 20
const startPauseMs = 250

/** A Postgres that a test may kill and start again on the same port; empty, without our schema. */
export class PostgresServer {
  private running: { readonly postgres: EmbeddedPostgres; readonly identity: ProcessIdentity } | undefined

  constructor(
    readonly folder: string,
    private readonly port: number,
  ) {}

  /** Goes into DATABASE_URL. */
  get address(): string {
    if (this.running === undefined) throw new Error('this Postgres does not run')
    return this.running.postgres.url
  }

  get pid(): number | undefined {
    return this.running?.identity.pid
  }

  async start(): Promise<this> {
    if (this.running !== undefined) return this
    const postgres = await this.startPatiently()
    const identity = identityOf(this.postmasterPid())
    recordServer(identity)
    this.running = { postgres, identity }
    return this
  }

  /** In order: what is committed is on disk, connections are cut. */
  async stop(): Promise<void> {
    const { running } = this
    this.running = undefined
    await running?.postgres.stop()
    if (running !== undefined) forgetServer(running.identity)
  }

  /** As a power cut does, but for the disk's cache. */
  async kill(): Promise<void> {
    const { running } = this
    this.running = undefined
    if (running === undefined) return
    await endProcess(running.identity, { graceMs: 0 })
    forgetServer(running.identity)
  }

  async remove(): Promise<void> {
    await this.kill()
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** After a kill, its children hold its shared memory for a moment. */
  private async startPatiently(): Promise<EmbeddedPostgres> {
    for (let tries = 1; ; tries++) {
      try {
        return await startEmbeddedPostgres(this.folder, { port: this.port })
      } catch (error) {
        if (tries >= startTriesMax) throw error
        await sleep(startPauseMs)
      }
    }
  }

  private postmasterPid(): number {
    return Number(fs.readFileSync(path.join(this.folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  }
}

export const startPostgres = async (options: PostgresOptions = {}): Promise<PostgresServer> =>
  new PostgresServer(options.folder ?? newDataFolder('postgres'), options.port ?? (await freePort())).start()
