import { freePort } from '@reeltag/testing'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const main = path.join(import.meta.dirname, 'main.js')

/** A process as an operator starts it, with a port and a folder of its own. */
export class ReeltagProcess {
  readonly ready: Promise<void>
  readonly exited: Promise<number | null>
  private output = ''

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly home: string,
  ) {
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString())
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    this.exited = once(child, 'exit').then(([code]) => {
      fs.rmSync(home, { recursive: true, force: true })
      return code as number | null
    })
    const early = this.exited.then((code) => {
      throw new Error(`it ended with ${String(code)}:\n${this.output.slice(-4_000)}`)
    })
    this.ready = Promise.race([once(child, 'message').then(() => undefined), early])
    this.ready.catch(() => undefined)
    early.catch(() => undefined)
  }

  static async start(env: Readonly<Record<string, string>>): Promise<ReeltagProcess> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-process-'))
    const port = String(await freePort())
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        REELTAG_HOME: home,
        PORT: port,
        BLOB_URL: `file:${path.join(home, 'blobs')}`,
        LOG_LEVEL: 'info',
        ...env,
      },
    })
    return new ReeltagProcess(child, `http://127.0.0.1:${port}`, home)
  }

  get log(): string {
    return this.output
  }

  get lines(): Record<string, unknown>[] {
    return this.output.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>]
      } catch {
        return []
      }
    })
  }

  fetch(route: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + route, { signal: AbortSignal.timeout(20_000), ...init })
  }

  /** @returns status and body of a route; undefined while nothing listens */
  async ask(route: string): Promise<{ status: number; body: string } | undefined> {
    try {
      const response = await this.fetch(route)
      return { status: response.status, body: await response.text() }
    } catch {
      return undefined
    }
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(signal)
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM')
    return this.exited
  }
}
