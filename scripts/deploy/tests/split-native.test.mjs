import { until, whyNot } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { root } from '../../bootstrap.mjs'
import { documentedCommands } from '../../documented-commands.mjs'

const missing = [whyNot('redis'), whyNot('kafka')].filter((reason) => reason !== undefined).join('; ')
if (missing !== '' && process.env.REELTAG_REQUIRE_ALL === '1') throw new Error(missing)
const minutes = 60_000
const services = 6

const isFree = (port) =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** As many free ports behind one another as there are services. */
const freePorts = async () => {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 8_000)
    const free = await Promise.all(Array.from({ length: services }, (_, index) => isFree(first + index)))
    if (free.every(Boolean)) return first
  }
}

describe('the platform in split services, as the page says', { skip: missing === '' ? false : missing }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-split-'))
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    // The servers' installation is kept where it always is.
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    HOME: folder,
    TMPDIR: folder,
    REELTAG_SERVICES_DIR: path.join(folder, 'services'),
  }
  let shell
  let url = ''
  before(
    async () => {
      fs.chmodSync(folder, 0o755)
      env.PORT = String(await freePorts())
      url = `http://127.0.0.1:${env.PORT}`
      const typed = [
        'set -e',
        ...documentedCommands('docs/operations/start.md', 'split'),
        'echo',
        'read -r line',
        'kill $(jobs -p)',
        'wait',
      ]
      shell = spawn('bash', ['-c', typed.join('\n')], { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] })
      const [answer] = await Promise.race([once(shell.stdout, 'data'), once(shell, 'exit')])
      assert.match(String(answer), /"ready":true/)
    },
    { timeout: 5 * minutes },
  )
  after(
    () => {
      spawnSync(process.execPath, ['scripts/services.mjs', 'down'], { cwd: root, env })
      fs.rmSync(folder, { recursive: true, force: true })
    },
    { timeout: minutes },
  )

  it('tags a sample', { timeout: 2 * minutes }, async () => {
    const headers = { authorization: 'Bearer rt_choose_a_long_one' }
    const body = new FormData()
    body.append('file', new Blob([fs.readFileSync(path.join(root, 'samples/panda.mp4'))]), 'clip.mp4')
    const accepted = await fetch(`${url}/v1/contents`, { method: 'POST', headers, body })
    assert.equal(accepted.status, 202)
    const { location } = /** @type {any} */ (await accepted.json())
    const content = await until('it is tagged', 60, async () => {
      const found = /** @type {any} */ (await (await fetch(url + location, { headers })).json())
      return found.state === 'processing' ? undefined : found
    })
    assert.match(content.result.tags[0].path, /^animals\/wild-mammals\/panda$/)
  })

  it('stops with the one command', { timeout: 2 * minutes }, async () => {
    shell.stdin.end('\n')
    await once(shell, 'exit')
    await assert.rejects(fetch(`${url}/health/live`))
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.log')))
      assert.doesNotMatch(fs.readFileSync(path.join(folder, name), 'utf8'), /"level":"error"/, name)
  })
})
