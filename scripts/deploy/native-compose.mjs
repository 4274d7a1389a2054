// Starts what docker-compose.yml says without Docker: the same commands, environments, conditions and health checks,
// on the tree that the Dockerfile makes and on real servers. What differs outside of containers is in `translate`.
import { freePort } from '@reeltag/testing'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { filledIn, readCompose, seconds } from './compose-file.mjs'
import { startServers } from './compose-servers.mjs'
import { effective, environmentOf, readDockerfile } from './dockerfile.mjs'
import { buildImageTree, fingerprint } from './image-tree.mjs'

const isOurs = ({ image }) => image.startsWith('reeltag:')
const isRoot = process.getuid?.() === 0

/** A Compose file that runs. */
export class NativeCompose {
  #compose = readCompose(filledIn)
  #stages = readDockerfile()
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-compose-'))
  #ports = new Map()
  #processes = new Map()
  #servers = {}
  #image = ''

  get imageFolder() {
    return path.join(this.#folder, 'app')
  }

  get services() {
    return Object.entries(this.#compose.services).filter(([, service]) => isOurs(service) && !service.profiles)
  }

  get url() {
    return `http://127.0.0.1:${this.#ports.get('gateway')}`
  }

  /** What .env and the folders of a host tell an operator. */
  get addresses() {
    const { postgres, redis } = this.#servers
    return { database: postgres.address, redis: redis.address, blobs: this.#own('blobs') }
  }

  /** False once anything was written into what is a read-only root in a container. */
  get imageIsUntouched() {
    return fingerprint(this.imageFolder) === this.#image
  }

  logOf(name) {
    return this.#processes.get(name)?.output ?? ''
  }

  async up() {
    fs.chmodSync(this.#folder, 0o755)
    await Promise.all([buildImageTree(this.imageFolder), startServers(this.#compose.services, this.#servers)])
    this.#image = fingerprint(this.imageFolder)
    for (const [name] of this.services) this.#ports.set(name, await freePort())
    const pending = new Map(this.services)
    while (pending.size > 0) {
      const [name, service] = [...pending].find(([, it]) =>
        this.#conditionsOf(it).every((server) => !pending.has(server)),
      )
      pending.delete(name)
      await this.#start(name, service)
      const { condition } = this.#dependants(name)[0] ?? {}
      if (condition === 'service_completed_successfully') await this.#completed(name)
    }
    await Promise.all(this.services.filter(([name]) => name !== 'migrate').map(([name]) => this.#healthy(name)))
  }

  /** Asks a service to stop, as `docker compose stop` does. @returns its exit code, and how long it took */
  async stop(name) {
    const { child } = this.#processes.get(name)
    const started = performance.now()
    if (child.exitCode !== null) return { code: child.exitCode, seconds: 0, grace: 0 }
    const grace = seconds(this.#compose.services[name].stop_grace_period)
    const timer = setTimeout(() => child.kill('SIGKILL'), grace * 1_000)
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    clearTimeout(timer)
    return { code, seconds: (performance.now() - started) / 1_000, grace }
  }

  /** Runs a service's command once more. @returns what it printed */
  async runAgain(name) {
    await this.#start(name, this.#compose.services[name])
    await this.#completed(name)
    return this.logOf(name)
  }

  async down() {
    await Promise.all([...this.#processes.keys()].map((name) => this.stop(name)))
    for (const server of Object.values(this.#servers)) await server.remove()
    fs.rmSync(this.#folder, { recursive: true, force: true })
  }

  #conditionsOf({ depends_on: depends }) {
    return Object.keys(depends ?? {}).filter((name) => isOurs(this.#compose.services[name]))
  }

  #dependants(name) {
    return this.services.flatMap(([, { depends_on: depends }]) => depends?.[name] ?? [])
  }

  /** Everything that is different outside of a container: names of hosts, paths of mounts, ports of one's own. */
  #translate(name, environment) {
    const { postgres, redis, kafka } = this.#servers
    const addresses = [
      [/^postgresql:.*@postgres:5432\/reeltag$/, postgres.address],
      [/@redis:6379/, `@${new URL(redis.address).host}`],
      [/^kafka:9092$/, kafka.address],
      [/^file:\/srv\/blobs$/, `file:${this.#own('blobs')}`],
      [/^\/var\/lib\/reeltag$/, this.#own(`home-${name}`)],
      [/^0\.0\.0\.0$/, '127.0.0.1'],
    ]
    const changed = Object.entries(environment).map(([key, value]) => [
      key,
      addresses.reduce((text, [from, to]) => text.replace(from, () => to), String(value)),
    ])
    const binaries = `${process.execPath.replace(/\/[^/]+$/, '')}:/usr/bin:/bin`
    return {
      ...Object.fromEntries(changed),
      PORT: String(this.#ports.get(name)),
      PATH: binaries,
      // Docker takes it from the user's line in /etc/passwd.
      HOME: this.#own(`home-${name}`),
      TMPDIR: this.#own(`tmp-${name}`),
    }
  }

  /** A folder that the services' user may write. */
  #own(name) {
    const folder = path.join(this.#folder, name)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (isRoot) fs.chownSync(folder, .../** @type {[number, number]} */ (this.#user()))
    return folder
  }

  #user() {
    return effective(this.#stages, 'cpu', 'USER').split(':').map(Number)
  }

  #spawn(name, [command, ...args]) {
    const { environment } = this.#compose.services[name]
    const [uid, gid] = this.#user()
    return spawn(command, args, {
      cwd: this.imageFolder,
      env: this.#translate(name, { ...environmentOf(this.#stages, 'cpu'), ...environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot ? { uid, gid } : {}),
    })
  }

  async #start(name, { command }) {
    const child = this.#spawn(name, command ?? JSON.parse(effective(this.#stages, 'cpu', 'CMD')))
    const running = { child, output: '' }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (running.output += chunk))
    this.#processes.set(name, running)
    await once(child, 'spawn')
  }

  async #completed(name) {
    const { child } = this.#processes.get(name)
    const code = child.exitCode ?? (await once(child, 'exit'))[0]
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${this.logOf(name)}`)
  }

  /** Docker's rule: failures do not count while the start period lasts, a success ends it. */
  async #healthy(name) {
    const { test, interval, start_period: startPeriod } = this.#compose.services[name].healthcheck
    const deadline = performance.now() + seconds(startPeriod) * 1_000
    for (;;) {
      const check = this.#spawn(name, test.slice(1))
      check.stdout.resume()
      let said = ''
      check.stderr.on('data', (chunk) => (said += chunk))
      const [code] = await once(check, 'exit')
      if (code === 0) return
      const { child } = this.#processes.get(name)
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${name} is not healthy: ${said}\n${this.logOf(name).slice(-3_000)}`)
      await sleep(seconds(interval) * 1_000)
    }
  }
}
