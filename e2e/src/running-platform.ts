import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')
const main = path.join(root, 'apps/reeltag/dist/main.js')

export const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  return port
}

/** A platform as a user starts it: one process on embedded servers, in a folder of its own. */
export class RunningPlatform {
  readonly key = 'rt_e2e_bootstrapkeyfortestsonly0123456789'
  private child: ChildProcess | undefined
  private output = ''

  private constructor(
    readonly home: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<RunningPlatform> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-e2e-'))
    const platform = new RunningPlatform(home, await freePort(), env)
    await platform.boot()
    return platform
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get log(): string {
    return this.output
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  async boot(): Promise<void> {
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        REELTAG_HOME: this.home,
        PORT: String(this.port),
        REELTAG_BOOTSTRAP_KEY: this.key,
        LOG_LEVEL: 'warn',
        ...this.env,
      },
    })
    this.child = child
    const keep = (chunk: Buffer) => (this.output += chunk.toString())
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the platform ended with ${String(code)} before it was ready:\n${this.output.slice(-4_000)}`)
    })
    await Promise.race([once(child, 'message'), ended])
    ended.catch(() => undefined)
  }

  /** As a power cut would: no handler runs. The embedded Postgres stays up, as it would. */
  async kill(): Promise<void> {
    const child = this.child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    const child = this.child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }

  async close(): Promise<void> {
    await this.stop()
    fs.rmSync(this.home, { recursive: true, force: true })
  }

  fetch(route: string, init: RequestInit & { key?: string } = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${init.key ?? this.key}`,
      ...(init.headers as Record<string, string> | undefined),
    }
    return fetch(this.url + route, { ...init, headers })
  }

  async json<T>(route: string): Promise<T> {
    const response = await this.fetch(route)
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  async submit(content: Record<string, unknown>, file?: string | Uint8Array<ArrayBuffer>): Promise<Response> {
    const form = new FormData()
    form.append('content', JSON.stringify(content))
    if (file !== undefined) {
      const bytes = typeof file === 'string' ? new Uint8Array(fs.readFileSync(file)) : file
      form.append('file', new Blob([bytes], { type: 'video/mp4' }), 'clip.mp4')
    }
    return this.fetch('/v1/contents', { method: 'POST', body: form })
  }
}

export const until = async <T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> => {
  const deadline = performance.now() + seconds * 1_000
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The committed sample clips, with what they show. */
export const samples = (): { file: string; title: string; titleEn: string; path: string }[] => {
  const folder = path.join(root, 'samples')
  const list = JSON.parse(fs.readFileSync(path.join(folder, 'samples.json'), 'utf8')) as Record<string, string>[]
  return list.map((sample) => ({
    file: path.join(folder, sample['file'] ?? ''),
    title: sample['title'] ?? '',
    titleEn: sample['titleEn'] ?? '',
    path: sample['path'] ?? '',
  }))
}
