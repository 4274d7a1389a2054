import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endProcess, identityOf, isRunning, signalProcess, type ProcessIdentity } from '../process-identity.js'
import { forgetServer, newDataFolder, recordServer } from '../run-folder.js'
import { testEnvironment } from '../test-environment.js'

/** What a kind of server is: how to start it on a folder and a port, and how to see that it answers. */
export interface ServerKind {
  readonly name: string
  /** Program and arguments. */
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Where it keeps its data; emptied by `restart({ keepData: false })`. */
  readonly folder: string
  /** Called before the first start and after data were removed. */
  prepare?(): void | Promise<void>
  /** Rejects or returns false while it does not answer yet. */
  answers(): Promise<boolean>
}

const startSecondsMax = 60
const stopGraceMs = 15_000
const pollMs = 50
const logTailBytes = 2_000

/** A real server of a test's own, on loopback: always the same port and folder, however often it is killed. */
export class NativeServer {
  private running: ProcessIdentity | undefined
  private prepared = false

  /** @param address what goes into the variable that names such a server */
  constructor(
    readonly address: string,
    private readonly kind: ServerKind,
  ) {}

  get pid(): number | undefined {
    return this.running?.pid
  }

  get identity(): ProcessIdentity | undefined {
    return this.running
  }

  get folder(): string {
    return this.kind.folder
  }

  get logFile(): string {
    return `${this.kind.folder}.log`
  }

  /** Starts it, or starts it again after `stop` or `kill`; returns when it answers. */
  async start(): Promise<this> {
    if (this.running !== undefined && isRunning(this.running)) return this
    if (!this.prepared) await this.prepare()
    const [command = '', ...args] = this.kind.command
    const log = fs.openSync(this.logFile, 'a', 0o600)
    // In a session of its own: Ctrl-C on a terminal is for the test, which then stops its servers in order.
    const child = spawn(command, args, {
      cwd: this.kind.folder,
      detached: true,
      env: { PATH: testEnvironment.path, LC_ALL: 'C.UTF-8', HOME: this.kind.folder, ...this.kind.env },
      stdio: ['ignore', log, log],
    })
    fs.closeSync(log)
    const failure = new Promise<Error>((resolve) => child.once('error', resolve))
    child.unref()
    if (child.pid === undefined) throw this.explain('could not be started', await failure)
    this.running = identityOf(child.pid)
    recordServer(this.running)
    await this.untilItAnswers(this.running)
    return this
  }

  /** Asks it to end, as an operator does; its data stay. */
  async stop(): Promise<void> {
    await this.end(stopGraceMs)
  }

  /** As a power cut does: no handler runs; its data stay. */
  async kill(): Promise<void> {
    await this.end(0)
  }

  /** Makes it hang: connections stay open and nothing answers. */
  pause(): void {
    if (this.running !== undefined) signalProcess(this.running, 'SIGSTOP')
  }

  resume(): void {
    if (this.running !== undefined) signalProcess(this.running, 'SIGCONT')
  }

  /** Kills it and starts it again, with what it has stored or with nothing. */
  async restart({ keepData }: { readonly keepData: boolean }): Promise<void> {
    await this.kill()
    if (!keepData) {
      fs.rmSync(this.kind.folder, { recursive: true, force: true })
      this.prepared = false
    }
    await this.start()
  }

  /** Ends it and removes what it has stored. */
  async remove(): Promise<void> {
    await this.kill()
    fs.rmSync(this.kind.folder, { recursive: true, force: true })
    fs.rmSync(this.logFile, { force: true })
  }

  /** @returns the last lines that it logged */
  logTail(): string {
    return fs.existsSync(this.logFile) ? fs.readFileSync(this.logFile, 'utf8').slice(-logTailBytes) : ''
  }

  private async prepare(): Promise<void> {
    fs.mkdirSync(this.kind.folder, { recursive: true, mode: 0o700 })
    await this.kind.prepare?.()
    this.prepared = true
  }

  private async end(graceMs: number): Promise<void> {
    const { running } = this
    if (running === undefined) return
    await endProcess(running, { graceMs })
    endGroup(running.pid)
    forgetServer(running)
    this.running = undefined
  }

  private async untilItAnswers(running: ProcessIdentity): Promise<void> {
    const deadline = performance.now() + startSecondsMax * 1_000
    for (;;) {
      if (await this.kind.answers().catch(() => false)) return
      if (!isRunning(running)) throw this.explain('ended before it answered')
      if (performance.now() > deadline) {
        await this.kill()
        throw this.explain(`did not answer within ${startSecondsMax} s`)
      }
      await sleep(pollMs)
    }
  }

  private explain(what: string, cause?: Error): Error {
    return new Error(`${this.kind.name} ${what}:\n${cause?.message ?? ''}${this.logTail()}`, { cause })
  }
}

/** The folder that was asked for, or a new temporary one. */
export const dataFolder = (name: string, folder: string | undefined): string =>
  folder ?? path.join(newDataFolder(name), 'data')

/** Helpers that a server started and left behind: it leads a group of its own, whose number is theirs while one lives. */
const endGroup = (leader: number): void => {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
