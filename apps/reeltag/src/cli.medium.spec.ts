import { describe, expect, it } from '@jest/globals'
import { Database, Health, Metrics, OperationsServer } from '@reeltag/platform'
import { createTestDatabase } from '@reeltag/testing'
import { execFile, spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const program = path.join(import.meta.dirname, 'cli.js')
const environment = (env: Record<string, string>): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  REELTAG_HOME: path.join(os.tmpdir(), 'reeltag-no-such-home'),
  ...env,
})

const cliWith = (env: Record<string, string>, ...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: environment(env) })

const cli = (...args: string[]) => cliWith({}, ...args)

describe('the command line', () => {
  it('answers a mistyped option with its usage, not with a stack', () => {
    const { status, stderr } = cli('keys', 'create', '--nme', 'x')
    expect(status).toBe(2)
    expect(stderr).toMatch(/--nme[\s\S]*usage:/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('shows a command or a group with examples, whatever else is missing, and exits with 0', () => {
    for (const args of [
      ['policies', '--help'],
      ['policies', 'draft', '--help'],
      ['help', 'policies'],
      ['keys', '-h'],
    ])
      expect(cliWith({ MODEL_DEVICE: 'nonsense' }, ...args)).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/usage: npm run reeltag --[^]*examples:\n {2}npm run reeltag -- (policies|keys)/),
      })
    expect(cli('health', '--help').stdout).toMatch(/health \[ready\|live\]/)
    expect(cli().stdout).toMatch(/policies draft[^]*taxonomy lint[^]*Exit codes: 0 done/)
  })

  it('names an argument that is missing, unknown or too much, and shows the usage of that command alone', () => {
    for (const [args, message] of [
      [['keys', 'create'], /--name is missing/],
      [['keys', 'revoke'], /<prefix> is missing/],
      [['keys', 'revoke', 'a', 'b'], /b is too much/],
      [['policies', 'draft', 'x', '--target', 'subject=x'], /--target subject=x is not possible/],
      [['policies', 'draft', 'x', '--target', 'subject=0.1', '--delta', 'half'], /--delta takes a number, not .half./],
      [['policies', 'retire', 'x/1', '--as', '\t'], /--as takes 1 to 100 characters/],
      [['queues', 'pause'], /<queue> is missing/],
      [['dlq', 'replay'], /a filter or --all is missing/],
    ] as const) {
      const { status, stderr } = cli(...args)
      expect([args, status, stderr]).toEqual([args, 2, expect.stringMatching(message)])
      expect(stderr).toMatch(new RegExp(`ARGUMENT_INVALID[^]*remedy:[^]*usage:[^]*${args[0]} ${args[1]}`))
      expect(stderr).not.toMatch(/^ {2}labels import|configuration/m)
    }
  })

  it('says which commands a group has where it has not the one that was asked for', () => {
    expect(cli('policies', 'burn')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/there is no command policies burn[^]*policies draft/),
    })
  })

  it('takes no name that would break the list of keys', () => {
    for (const bad of [
      ['--name', 'a\tb'],
      ['--name', ''],
      ['--name', 'x', '--workspace', ' '],
    ]) {
      expect(cli('keys', 'create', ...bad)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/ARGUMENT_INVALID[^]*--(name|workspace) takes 1 to 100 characters/),
      })
    }
  })

  it('says that no platform runs where keys are asked for and none does', () => {
    expect(cli('keys', 'list')).toMatchObject({ status: 1, stderr: expect.stringMatching(/POSTGRES_UNAVAILABLE/) })
  })

  it('brings an empty database to this version, once, and says where one is missing', async () => {
    expect(cli('migrate', 'deploy')).toMatchObject({ status: 1, stderr: expect.stringMatching(/DATABASE_URL/) })
    const { url, drop } = await createTestDatabase()
    const db = new Database(url, { poolMax: 1 })
    await db.query('DROP SCHEMA public CASCADE')
    await db.query('CREATE SCHEMA public')
    const run = () => cliWith({ DATABASE_URL: url }, 'migrate', 'deploy')
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^applied \d/) })
    expect(await db.query('SELECT * FROM contents')).toEqual([])
    expect(run()).toMatchObject({ status: 0, stdout: 'nothing to apply\n' })
    await db.close()
    await drop()
  })

  it('tells a container whether the process beside it is well', async () => {
    const health = new Health()
    const server = await OperationsServer.open({ host: '127.0.0.1', port: 0 }, health, new Metrics())
    const env = environment({ PORT: new URL(server.url).port, HOST: '0.0.0.0' })
    const ask = (probe: string): Promise<number> =>
      promisify(execFile)(process.execPath, [program, 'health', probe], { env }).then(
        () => 0,
        ({ code }: { code: number }) => code,
      )
    expect([await ask('ready'), await ask('live')]).toEqual([1, 0])
    health.ready()
    expect(await ask('ready')).toBe(0)
    await server.close()
    expect([await ask('ready'), await ask('live')]).toEqual([1, 1])
  })
})
