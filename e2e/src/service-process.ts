import { freePort } from '@reeltag/testing'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const main = path.resolve(import.meta.dirname, '../../apps/reeltag/dist/main.js')
const logTailLength = 4_000

export interface ServiceProcessOptions {
  readonly env: Readonly<Record<string, string>>
  /** A module that node loads first: how a test makes a process misbehave where no signal can. */
  readonly preload?: string
}

/** One process of the platform, on a port and in a home of its own, that may be killed and booted again. */
export class ServiceProcess {
  private child: ChildProcess | undefined
  private output = ''

  private constructor(
    readonly home: string,
    readonly port: number,
    private readonly options: ServiceProcessOptions,
  ) {}

  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-e2e-'))
    const started = new ServiceProcess(home, await freePort(), options)
    await started.boot()
    return started
  }

  get log(): string {
    return this.output
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  /** Starts it, or starts it again; returns when it is ready. `extra` is for this one time. */
  async boot(extra: Partial<ServiceProcessOptions> = {}): Promise<void> {
    const { preload } = { ...this.options, ...extra }
    const env = { ...this.options.env, ...extra.env }
    const load = preload === undefined ? [] : ['--import', preload]
    const child = spawn(process.execPath, [...load, main], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        REELTAG_HOME: this.home,
        PORT: String(this.port),
        LOG_LEVEL: 'warn',
        ...env,
      },
    })
    this.child = child
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString())
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(
        `the process ended with ${String(code)} before it was ready:\n${this.output.slice(-logTailLength)}`,
      )
    })
    await Promise.race([once(child, 'message'), ended])
    ended.catch(() => undefined)
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal)
  }

  /** As a power cut would: no handler runs. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM')
  }

  /** Ends it and removes its home. */
  async remove(): Promise<void> {
    await this.stop()
    fs.rmSync(this.home, { recursive: true, force: true })
  }

  /** Waits until it has ended by itself. @returns the exit code */
  async ended(): Promise<number | null> {
    if (this.child !== undefined && this.runs) await once(this.child, 'exit')
    return this.child?.exitCode ?? null
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.runs) this.child?.kill(signal)
    // One that a failed test left frozen would never read the signal.
    if (this.runs) this.child?.kill('SIGCONT')
    return this.ended()
  }
}
