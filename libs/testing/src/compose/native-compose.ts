// Starts what docker-compose.yml says without Docker: the same commands, environments, conditions and health checks,
// on the tree that the Dockerfile makes and on real servers. What differs outside of containers is in `translate`.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.js'
import { filledIn, readCompose, secondsOf, type ComposeService } from './compose-file.js'
import { startServers, type ComposeServers } from './compose-servers.js'
import { effective, environmentOf, readDockerfile } from './dockerfile.js'
import { buildImageTree, fingerprint } from './image-tree.js'

type Named = readonly [name: string, service: ComposeService]

interface Running {
  readonly child: ChildProcess
  output: string
}

const isOurs = ({ image }: ComposeService): boolean => image.startsWith('reeltag:')
const isRoot = process.getuid?.() === 0

/** A Compose file that runs. */
export class NativeCompose {
  private readonly compose = readCompose(filledIn)
  private readonly stages = readDockerfile()
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-compose-'))
  private readonly ports = new Map<string, number>()
  private readonly processes = new Map<string, Running>()
  private readonly servers: ComposeServers = {}
  private image = ''

  get imageFolder(): string {
    return path.join(this.folder, 'app')
  }

  get services(): readonly Named[] {
    return Object.entries(this.compose.services).filter(
      ([, service]) => isOurs(service) && service.profiles === undefined,
    )
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.get('gateway')}`
  }

  /** What .env and the folders of a host tell an operator. */
  get addresses(): { readonly database: string; readonly redis: string; readonly blobs: string } {
    const { postgres, redis } = this.runningServers()
    return { database: postgres.address, redis: redis.address, blobs: this.ownFolder('blobs') }
  }

  /** False once anything was written into what is a read-only root in a container. */
  get imageIsUntouched(): boolean {
    return fingerprint(this.imageFolder) === this.image
  }

  logOf(name: string): string {
    return this.processes.get(name)?.output ?? ''
  }

  async up(): Promise<void> {
    fs.chmodSync(this.folder, 0o755)
    await Promise.all([buildImageTree(this.imageFolder), startServers(this.compose.services, this.servers)])
    this.image = fingerprint(this.imageFolder)
    for (const [name] of this.services) this.ports.set(name, await freePort())
    const pending = new Map(this.services)
    while (pending.size > 0) {
      const next = [...pending].find(([, it]) => this.conditionsOf(it).every((server) => !pending.has(server)))
      if (next === undefined) throw new Error(`${[...pending.keys()].join(', ')} wait for each other`)
      const [name] = next
      pending.delete(name)
      await this.start(name)
      const [condition] = this.conditionsFor(name)
      if (condition === 'service_completed_successfully') await this.completed(name)
    }
    await Promise.all(this.services.filter(([name]) => name !== 'migrate').map(([name]) => this.healthy(name)))
  }

  /** Asks a service to stop, as `docker compose stop` does. @returns its exit code, and how long it took */
  async stop(name: string): Promise<{ readonly code: number; readonly seconds: number; readonly grace: number }> {
    const { child } = this.runningOf(name)
    const started = performance.now()
    if (child.exitCode !== null) return { code: child.exitCode, seconds: 0, grace: 0 }
    const grace = secondsOf(this.serviceOf(name).stop_grace_period)
    const timer = setTimeout(() => child.kill('SIGKILL'), grace * 1_000)
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    clearTimeout(timer)
    return { code, seconds: (performance.now() - started) / 1_000, grace }
  }

  /** Runs a service's command once more. @returns what it printed */
  async runAgain(name: string): Promise<string> {
    await this.start(name)
    await this.completed(name)
    return this.logOf(name)
  }

  async down(): Promise<void> {
    await Promise.all([...this.processes.keys()].map((name) => this.stop(name)))
    for (const server of Object.values(this.servers)) await server.remove()
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  private serviceOf(name: string): ComposeService {
    const service = this.compose.services[name]
    if (service === undefined) throw new Error(`the Compose file has no service ${name}`)
    return service
  }

  private runningOf(name: string): Running {
    const running = this.processes.get(name)
    if (running === undefined) throw new Error(`${name} was not started`)
    return running
  }

  private runningServers(): Required<ComposeServers> {
    const { postgres, redis, kafka } = this.servers
    if (postgres === undefined || redis === undefined || kafka === undefined)
      throw new Error('the servers of the Compose file do not run yet')
    return { postgres, redis, kafka }
  }

  private conditionsOf({ depends_on: depends }: ComposeService): string[] {
    return Object.keys(depends ?? {}).filter((name) => isOurs(this.serviceOf(name)))
  }

  /** What those wait for that depend on a service. */
  private conditionsFor(name: string): string[] {
    return this.services.flatMap(([, { depends_on: depends }]) => depends?.[name]?.condition ?? [])
  }

  /** Everything that is different outside of a container: names of hosts, paths of mounts, ports of one's own. */
  private translate(name: string, environment: NonNullable<ComposeService['environment']>): Record<string, string> {
    const { postgres, redis, kafka } = this.runningServers()
    const addresses: [RegExp, string][] = [
      [/^postgresql:.*@postgres:5432\/reeltag$/, postgres.address],
      [/@redis:6379/, `@${new URL(redis.address).host}`],
      [/^kafka:9092$/, kafka.address],
      [/^file:\/srv\/blobs$/, `file:${this.ownFolder('blobs')}`],
      [/^\/var\/lib\/reeltag$/, this.ownFolder(`home-${name}`)],
      [/^0\.0\.0\.0$/, '127.0.0.1'],
    ]
    const changed = Object.entries(environment).map(([key, value]) => [
      key,
      addresses.reduce((text, [from, to]) => text.replace(from, () => to), value),
    ])
    const binaries = `${process.execPath.replace(/\/[^/]+$/, '')}:/usr/bin:/bin`
    return {
      ...Object.fromEntries(changed),
      PORT: String(this.ports.get(name)),
      PATH: binaries,
      // Docker takes it from the user's line in /etc/passwd.
      HOME: this.ownFolder(`home-${name}`),
      TMPDIR: this.ownFolder(`tmp-${name}`),
    }
  }

  /** A folder that the services' user may write. */
  private ownFolder(name: string): string {
    const folder = path.join(this.folder, name)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, gid } = this.user()
    if (isRoot) fs.chownSync(folder, uid, gid)
    return folder
  }

  private user(): { readonly uid: number; readonly gid: number } {
    const [uid, gid] = this.effective('USER').split(':').map(Number)
    if (uid === undefined || gid === undefined) throw new Error('USER of the Dockerfile is not uid:gid')
    return { uid, gid }
  }

  private effective(verb: string): string {
    const rest = effective(this.stages, 'cpu', verb)
    if (rest === undefined) throw new Error(`the Dockerfile has no ${verb}`)
    return rest
  }

  private spawn(name: string, [command = '', ...args]: readonly string[]): ChildProcess {
    return spawn(command, args, {
      cwd: this.imageFolder,
      env: this.translate(name, { ...environmentOf(this.stages, 'cpu'), ...this.serviceOf(name).environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot ? this.user() : {}),
    })
  }

  private async start(name: string): Promise<void> {
    const command = this.serviceOf(name).command ?? (JSON.parse(this.effective('CMD')) as string[])
    const child = this.spawn(name, command)
    const running: Running = { child, output: '' }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (running.output += chunk))
    this.processes.set(name, running)
    await once(child, 'spawn')
  }

  private async completed(name: string): Promise<void> {
    const { child } = this.runningOf(name)
    const code = child.exitCode ?? (await once(child, 'exit'))[0]
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${this.logOf(name)}`)
  }

  /** Docker's rule: failures do not count while the start period lasts, a success ends it. */
  private async healthy(name: string): Promise<void> {
    const { test, interval, start_period: startPeriod } = this.serviceOf(name).healthcheck
    const deadline = performance.now() + secondsOf(startPeriod) * 1_000
    for (;;) {
      const check = this.spawn(name, test.slice(1))
      check.stdout?.resume()
      let said = ''
      check.stderr?.on('data', (chunk) => (said += chunk))
      const [code] = await once(check, 'exit')
      if (code === 0) return
      const { child } = this.runningOf(name)
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${name} is not healthy: ${said}\n${this.logOf(name).slice(-3_000)}`)
      await sleep(secondsOf(interval) * 1_000)
    }
  }
}
