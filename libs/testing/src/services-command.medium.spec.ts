import { afterEach, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describeWith } from './servers/prerequisites.js'
import { identityOf, isRunning } from './process-identity.js'

const run = promisify(execFile)
const script = path.resolve(import.meta.dirname, '../../../scripts/services.mjs')

/** The command in a folder of its own, with a `docker` that is a script of the test's. */
class Command {
  readonly scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-services-'))
  readonly folder = path.join(this.scratch, 'services')

  constructor(docker: string) {
    fs.writeFileSync(path.join(this.scratch, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 })
  }

  async run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const env = {
      ...process.env,
      PATH: `${this.scratch}:${process.env['PATH'] ?? ''}`,
      REELTAG_SERVICES_DIR: this.folder,
      SCRATCH: this.scratch,
    }
    return run(process.execPath, [script, ...args], { env })
  }

  pidOf(name: string): number {
    const state = JSON.parse(fs.readFileSync(path.join(this.folder, 'state.json'), 'utf8')) as {
      servers: Record<string, { process: { pid: number } }>
    }
    return state.servers[name]?.process.pid ?? 0
  }
}

const noEngine = 'exit 1'
let command: Command | undefined
afterEach(async () => {
  await command?.run('down')
  fs.rmSync(command?.scratch ?? '', { recursive: true, force: true })
})

describeWith(['redis'], 'npm run services, where no Docker engine answers', () => {
  it('starts a server once however often it is asked, and prints what a shell can read', async () => {
    command = new Command(noEngine)
    const [first, second] = await Promise.all([command.run('up', 'redis'), command.run('up', 'redis')])
    expect(first.stdout).toMatch(/^export REDIS_URL='redis:\/\/127\.0\.0\.1:\d+'\n$/)
    expect(second.stdout).toBe(first.stdout)
    const { stdout } = await run('sh', ['-c', `${first.stdout} echo "$REDIS_URL"`])
    expect(first.stdout).toContain(stdout.trim())
    expect((await command.run('status')).stderr).toContain('running')
  })

  it('brings back a server that died, at the same address, and stops it', async () => {
    command = new Command(noEngine)
    const { stdout } = await command.run('up', 'redis')
    process.kill(command.pidOf('redis'), 'SIGKILL')
    expect((await command.run('status')).stderr).toContain('dead')
    expect((await command.run('up', 'redis')).stdout).toBe(stdout)
    const server = identityOf(command.pidOf('redis'))
    expect(isRunning(server)).toBe(true)
    await command.run('down')
    expect(isRunning(server)).toBe(false)
    expect(fs.existsSync(command.folder)).toBe(false)
    expect((await command.run('down')).stderr).toContain('nothing is up')
  })

  it('refuses a server that there is none of', async () => {
    command = new Command(noEngine)
    await expect(command.run('up', 'mysql')).rejects.toThrow('there is no server mysql')
  })
})

describe('npm run services, where a Docker engine answers', () => {
  it('has Compose start and stop the same servers, in a project that is not the platform’s', async () => {
    const compose =
      '*" up "*) echo "$*|$REDIS_PORT|$REDIS_PASSWORD" >> "$SCRATCH/calls";; *) echo "$*" >> "$SCRATCH/calls"'
    command = new Command(`case "$*" in ${compose};; esac`)
    const { stdout } = await command.run('up', 'redis')
    const [, password, port] = /^export REDIS_URL='redis:\/\/:(\w{32})@127\.0\.0\.1:(\d+)'\n$/.exec(stdout) ?? []
    expect((await command.run('up', 'redis')).stdout).toBe(stdout)
    await command.run('down')
    const [info, ...calls] = fs.readFileSync(path.join(command.scratch, 'calls'), 'utf8').trim().split('\n')
    expect(info).toMatch(/^info /)
    const prefix = /^compose --file \S+docker-compose\.servers\.yml --project-name reeltag-servers-[0-9a-f]{8} /
    expect(calls.map((call) => call.replace(prefix, ''))).toEqual([
      `up --detach --wait redis|${port}|${password}`,
      `up --detach --wait redis|${port}|${password}`,
      'down --volumes',
    ])
  })
})
