// The documented lines on real servers: the platform on those of `npm run services`, and a short chaos.
import { freePort, until, whyNot } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { root } from '../../bootstrap.mjs'
import { carryOutDocumented, documentedCommands } from '../../documented-commands.mjs'

/** @type {import('@reeltag/testing').ServerName[]} */
const needed = ['redis', 'kafka', 's3']
const missing = needed.flatMap((server) => whyNot(server) ?? []).join('; ')
if (missing !== '' && process.env.REELTAG_REQUIRE_ALL === '1') throw new Error(missing)
const minutes = 60_000
const [up, start, chaos] = documentedCommands('docs/operations/start.md', 'servers')

describe('on real servers, as docs/operations/start.md says', { skip: missing === '' ? false : missing }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-readme-'))
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    REELTAG_HOME: path.join(folder, 'home'),
    REELTAG_SERVICES_DIR: path.join(folder, 'services'),
  }
  after(
    () => {
      spawnSync('npm', ['run', 'services', '--', 'down'], { cwd: root, env })
      fs.rmSync(folder, { recursive: true, force: true })
    },
    { timeout: minutes },
  )

  it('starts them and the platform on them, and ends at Ctrl-C', { timeout: 5 * minutes }, async () => {
    env.PORT = String(await freePort())
    const typed = ['set -e', up, 'env | grep -E "^(DATABASE_URL|REDIS_URL|KAFKA_BROKERS)="', start].join('\n')
    const shell = spawn('bash', ['-c', typed], { cwd: root, env, detached: true })
    let output = ''
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (output += chunk))
    const ready = () =>
      fetch(`http://127.0.0.1:${env.PORT}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until('it is ready', 240, async () => (await ready()) || shell.exitCode !== null)
    assert.ok(await ready(), output.slice(-3_000))
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'KAFKA_BROKERS'])
      assert.match(output, new RegExp(`^${name}=`, 'm'))
    process.kill(-shell.pid, 'SIGINT')
    await once(shell, 'exit')
    await assert.rejects(fetch(`http://127.0.0.1:${env.PORT}/health/live`))
    const stopped = await carryOutDocumented(['npm run services -- down 2>&1'], {
      REELTAG_SERVICES_DIR: env.REELTAG_SERVICES_DIR,
    })
    assert.match(stopped, /stopped kafka/)
  })

  it('starts an S3 beside them, and says so', { timeout: 5 * minutes }, async () => {
    const own = { REELTAG_SERVICES_DIR: path.join(folder, 'with-s3') }
    const printed = await carryOutDocumented(['npm run services -- up postgres redis kafka s3'], own)
    assert.match(printed, /^export BLOB_URL=.s3:/m)
    assert.match(await carryOutDocumented(['npm run services -- down 2>&1'], own), /stopped s3/)
  })

  it('loses and doubles nothing in a short chaos', { timeout: 6 * minutes }, async () => {
    const [command] = chaos.split('#')
    const printed = await carryOutDocumented([`${command.trim()} -- --minutes 0.5 --contents 20 --seed 1`], {})
    assert.match(printed, /accepted[\s\S]*\b20\b/)
  })
})
