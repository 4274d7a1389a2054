import { Problem, type KeyScope } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { createTestDatabase } from '@reeltag/testing'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { KeysRepository, KeysService } from '@reeltag/http'

export const bytesMax = 200_000
export const jsonBytesMax = 65_536

/** A gateway on a real Postgres and a real socket. No worker runs, so contents stay as they were accepted. */
export class GatewayFixture {
  readonly keys: Record<'all' | 'reader' | 'stranger', string> = { all: '', reader: '', stranger: '' }

  private readonly keysService: KeysService

  private constructor(
    public url: string,
    readonly db: Database,
    private readonly folder: string,
    private server: ChildProcess,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly drop: () => Promise<void>,
  ) {
    this.keysService = new KeysService(new KeysRepository(db))
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<GatewayFixture> {
    const { url: connectionString, drop } = await createTestDatabase()
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-gateway-'))
    const settings = {
      DATABASE_URL: connectionString,
      BLOB_URL: `file:${folder}`,
      UPLOAD_BYTES_MAX: String(bytesMax),
      JSON_BYTES_MAX: String(jsonBytesMax),
      HOSTS_ALLOWED: 'tags.example',
      ...env,
    }
    const { url, server } = await start(settings)
    const db = new Database(connectionString, { poolMax: 2 })
    const fixture = new GatewayFixture(url, db, folder, server, settings, drop)
    fixture.keys.all = await fixture.makeKey('mine', ['contents:read', 'contents:write', 'review:read'])
    fixture.keys.reader = await fixture.makeKey('mine', ['contents:read'])
    fixture.keys.stranger = await fixture.makeKey('theirs', ['contents:read', 'contents:write'])
    return fixture
  }

  /** Another process with the same settings, on the same database, takes over. */
  async restart(): Promise<void> {
    await stop(this.server)
    Object.assign(this, await start(this.settings))
  }

  /** What a process says when everything in it has started. */
  becomeReady(): void {
    this.server.send('ready')
  }

  /** Resident memory of the server, bytes; 0 where the system does not tell. */
  get residentBytes(): number {
    try {
      return Number(fs.readFileSync(`/proc/${this.server.pid ?? 0}/statm`, 'utf8').split(' ')[1]) * 4_096
    } catch {
      return 0
    }
  }

  /** Where its blobs lie, as BLOB_URL names it. */
  get blobUrl(): string {
    return `file:${this.folder}`
  }

  /** How many files the server has open whose path matches; 0 where the system does not tell. */
  openFiles(pattern: RegExp): number {
    const folder = `/proc/${this.server.pid ?? 0}/fd`
    if (!fs.existsSync(folder)) return 0
    return fs.readdirSync(folder).filter((fd) => {
      try {
        return pattern.test(fs.readlinkSync(path.join(folder, fd)))
      } catch {
        // Closed meanwhile.
        return false
      }
    }).length
  }

  makeKey(workspace: string, scopes: KeyScope[]): Promise<string> {
    return this.keysService.create({ workspace, pack: 'starter/2.0.0', name: 'test', scopes })
  }

  revoke(prefix: string): Promise<void> {
    return this.keysService.revoke(prefix)
  }

  fetch(route: string, init: RequestInit & { key?: string | null } = {}): Promise<Response> {
    const key = init.key === undefined ? this.keys.all : init.key
    const headers = { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...(init.headers as object) }
    return fetch(this.url + route, { ...init, headers })
  }

  /** Sends parts exactly as given. */
  submit(
    parts: readonly [name: string, bytes: string | Uint8Array<ArrayBuffer>, file?: string][],
    key?: string,
  ): Promise<Response> {
    const form = new FormData()
    for (const [name, bytes, file] of parts) {
      if (file === undefined && typeof bytes === 'string') form.append(name, bytes)
      else form.append(name, new Blob([bytes]), file ?? 'blob')
    }
    return this.fetch('/v1/contents', { method: 'POST', body: form, ...(key === undefined ? {} : { key }) })
  }

  /** @returns status and code of an answer that must be a problem document */
  async problem(response: Response): Promise<[status: number, code: string]> {
    if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
      throw new Error(`${response.status} ${response.headers.get('content-type') ?? ''}: ${await response.text()}`)
    }
    const { status, code } = Problem.parse(await response.json())
    if (status !== response.status) throw new Error(`the document says ${status}, the answer ${response.status}`)
    return [status, code]
  }

  /** Writes bytes to the socket, and leaves. @returns what the server said until then */
  async raw(bytes: string | Buffer, { leaveAfterMs = 20_000 } = {}): Promise<string> {
    const socket = net.connect(Number(new URL(this.url).port), '127.0.0.1')
    let said = ''
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('error', () => undefined)
    socket.write(bytes)
    const leave = setTimeout(() => socket.destroy(), leaveAfterMs)
    await new Promise((resolve) => socket.once('close', resolve))
    clearTimeout(leave)
    return said
  }

  get uploadsLeft(): string[] {
    const uploads = path.join(this.folder, 'uploads')
    return fs.existsSync(uploads) ? fs.readdirSync(uploads) : []
  }

  async close(): Promise<void> {
    await stop(this.server)
    await this.db.close()
    await this.drop()
    fs.rmSync(this.folder, { recursive: true, force: true })
  }
}

const start = async (env: Readonly<Record<string, string>>): Promise<{ url: string; server: ChildProcess }> => {
  const server = fork(fileURLToPath(new URL('./gateway-server.fixture.js', import.meta.url)), { env: { ...env } })
  const [url] = (await once(server, 'message')) as [string]
  return { url, server }
}

const stop = async (server: ChildProcess): Promise<void> => {
  server.disconnect()
  await once(server, 'exit')
}
