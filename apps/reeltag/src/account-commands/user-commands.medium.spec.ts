import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { createTestDatabase, type TestDatabase } from '@reeltag/testing'
import { execFile } from 'node:child_process'
import path from 'node:path'
import { ReeltagProcess } from '../process.fixture.js'

const program = path.join(import.meta.dirname, '../cli.js')

describe('users on the command line', () => {
  let database: TestDatabase
  let gateway: ReeltagProcess
  let env: Record<string, string>
  beforeAll(async () => {
    database = await createTestDatabase()
    env = { DATABASE_URL: database.url, REELTAG_SERVICES: 'gateway' }
    gateway = await ReeltagProcess.start(env)
    await gateway.ready
    env = { ...env, PORT: new URL(gateway.url).port, BLOB_URL: 'file:/nowhere', PATH: process.env['PATH'] ?? '' }
  })
  afterAll(async () => {
    await gateway.stop()
    await database.drop()
  })

  interface Ended {
    readonly status: number
    readonly stdout: string
    readonly stderr: string
  }
  const cli = (...args: string[]): Promise<Ended> =>
    new Promise((ended) => {
      execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
        ended({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
      )
    })
  const signIn = (link: string): Promise<Response> =>
    gateway.fetch('/v1/session/link', {
      method: 'POST',
      body: JSON.stringify({ token: new URL(link.trim()).hash.replace('#token=', '') }),
      headers: { 'content-type': 'application/json' },
    })

  it('let the first administrator in by a link, which works once', async () => {
    expect(await cli('users', 'add', '李雷', '--role', 'admin')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^李雷\tadmin\t-\t[^\t]+\tactive\t[\w-]{36}\n$/),
    })
    const { stdout, stderr } = await cli('users', 'link', '李雷')
    expect(stdout).toMatch(new RegExp(`^${gateway.url}/sign-in#token=[\\w-]{43}\n$`))
    expect(stderr).toMatch(/works once, until 20/)
    const answer = await signIn(stdout)
    expect(await answer.json()).toMatchObject({ user: { name: '李雷', role: 'admin' }, workspace: { name: 'default' } })
    expect((await signIn(stdout)).status).toBe(401)
  })

  it('are listed, change roles, and are shut out and let in again', async () => {
    await cli('users', 'add', 'ann', '--email', 'Ann@Example.com')
    expect((await cli('users', 'role', 'ann', 'lead')).stdout).toMatch(/^ann\tlead\tann@example.com\t/)
    expect((await cli('users', 'disable', 'ann')).stdout).toMatch(/\tdisabled 20/)
    expect((await cli('users', 'list')).stdout).toMatch(
      /^ann\tlead\t[^\n]*\tdisabled [^\n]*\n李雷\tadmin\t[^\n]*\tactive\t[^\n]*\n$/,
    )
    expect(await cli('users', 'link', 'ann')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/SIGN_IN_REFUSED/),
    })
    expect((await cli('users', 'enable', 'ann')).stdout).toMatch(/\tactive\t/)
    expect((await signIn((await cli('users', 'link', 'ann')).stdout)).status).toBe(200)
    const db = new Database(database.url, { poolMax: 1 })
    const written = await db.query<{ action: string; actor: string }>(
      `SELECT action, actor FROM audit_log WHERE actor LIKE 'cli:%' AND subject = (SELECT 'user:' || id FROM users WHERE name = 'ann') ORDER BY id`,
    )
    await db.close()
    expect(written.map(({ action }) => action)).toEqual([
      'user.added',
      'user.role-changed',
      'user.disabled',
      'user.enabled',
      'user.link-made',
    ])
  })

  it('are refused with what is wrong', async () => {
    const wrong: [args: string[], status: number, message: RegExp][] = [
      [['add', 'x', '--role', 'owner'], 2, /--role/],
      [['add', 'a\tb'], 2, /<name>/],
      [['role', '李雷', 'owner'], 2, /<role>/],
      [['link'], 2, /<name> is missing/],
      [['add', '李雷'], 1, /USER_EXISTS/],
      [['link', 'nobody'], 1, /there is no user/],
    ]
    for (const [args, status, message] of wrong)
      expect(await cli('users', ...args)).toMatchObject({ status, stderr: expect.stringMatching(message) })
  })
})
