// What the README and docs/operations/start.md say to type, typed: only the clip, the port and the name of a pack are filled in.
import { freePort, until } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { root } from '../../bootstrap.mjs'
import { carryOutDocumented, documentedCommands, inlineCommands } from '../../documented-commands.mjs'

const minutes = 60_000
const shown = /API key +(\S+)/

/** A command that runs on until Ctrl-C, in a home of its own. */
class Quickstart {
  output = ''

  async start(command) {
    this.home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-readme-'))
    this.env = { REELTAG_HOME: this.home, PORT: String(await freePort()) }
    const clip = path.join(this.home, 'my.mp4')
    fs.copyFileSync(path.join(root, 'samples/guitar.mp4'), clip)
    const env = { ...process.env, ...this.env }
    // A group of its own, which a terminal's Ctrl-C reaches as a whole.
    this.shell = spawn('bash', ['-c', command.replace('my.mp4', clip)], { cwd: root, env, detached: true })
    for (const stream of [this.shell.stdout, this.shell.stderr]) stream.on('data', (chunk) => (this.output += chunk))
    await until('it shows a key', 120, () => shown.test(this.output) || this.shell.exitCode !== null)
    assert.match(this.output, shown)
    return this
  }

  get key() {
    return shown.exec(this.output)[1]
  }

  /** @returns the exit status */
  async interrupt() {
    if (this.shell.exitCode !== null) return this.shell.exitCode
    process.kill(-this.shell.pid, 'SIGINT')
    const [code] = await once(this.shell, 'exit')
    fs.rmSync(this.home, { recursive: true, force: true })
    return code
  }
}

const page = 'docs/operations/start.md'
const [runsOn, once_, ownClip] = documentedCommands(page, 'try')

describe('quickstart, as the README says', () => {
  it('goes on from a clone that is prepared by itself', { timeout: 4 * minutes }, async () => {
    assert.match(await carryOutDocumented(['npm run build']), /compile … \d/)
  })

  it('runs on until Ctrl-C', { timeout: 4 * minutes }, async () => {
    const [first] = documentedCommands('README.md', 'first')
    // The same command twice, with other remarks behind it.
    assert.equal(first.split('#')[0].trim(), runsOn.split('#')[0].trim())
    const quickstart = await new Quickstart().start(runsOn)
    assert.match(quickstart.output, /大熊猫/)
    await quickstart.interrupt()
    assert.match(quickstart.output, /stop … done/)
  })

  it('stops by itself where that is asked', { timeout: 4 * minutes }, async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-readme-'))
    const printed = await carryOutDocumented([once_], { REELTAG_HOME: home, PORT: String(await freePort()) })
    assert.match(printed, /大熊猫[\s\S]*stop … done/)
    fs.rmSync(home, { recursive: true, force: true })
  })
})

describe('a platform that tagged a clip of one’s own', () => {
  const quickstart = new Quickstart()
  before(() => quickstart.start(ownClip), { timeout: 4 * minutes })
  after(() => quickstart.interrupt(), { timeout: minutes })
  const type = (command) =>
    carryOutDocumented([command.replace('http://127.0.0.1:3000', `http://127.0.0.1:${quickstart.env.PORT}`)], {
      ...quickstart.env,
      KEY: quickstart.key,
    })

  it('has taken the clip and its title', () => assert.match(quickstart.output, /my\.mp4 {2}«周末去看大熊猫»/))

  it('answers the curl lines', { timeout: 2 * minutes }, async () => {
    const [submit, list, taxonomy, review] = documentedCommands(page, 'rest')
    const { id } = JSON.parse(await type(submit))
    const newest = await until('it is tagged', 60, async () => {
      const [content] = JSON.parse(await type(list)).items
      return content.state === 'processing' ? undefined : content
    })
    assert.deepEqual([newest.id, newest.title], [id, '今天的草莓特别甜'])
    assert.match(newest.result.tags[0].path, /strawberry/)
    assert.match(await type(taxonomy), /strawberry/)
    assert.ok(Array.isArray(JSON.parse(await type(review)).items))
  })

  it('is administered with the commands of docs/operations/administer.md', { timeout: 4 * minutes }, async () => {
    assert.match(await type('npm run -s reeltag -- keys create --name app'), /^rt_/m)
    assert.match(await type('npm run -s reeltag -- keys list'), /\tapp\t/)
    /** @type {[string, RegExp][]} */
    const commands = [
      ['npm run reeltag -- keys create --name app', /rt_/],
      ['npm run reeltag -- keys create --name operator --scope platform', /rt_/],
      ['npm run reeltag -- dlq list', /reeltag/],
      ['npm run reeltag -- queues list', /fusion\trunning/],
      ['npm run reeltag -- contents rerun --missing', /missing/],
    ]
    for (const [command, printed] of commands) assert.match(await type(command), printed, command)
  })

  it('tries another pack unseen', { timeout: 4 * minutes }, async () => {
    const start = 'npm run reeltag -- packs shadow starter/2.1.0 --share 0.1'
    assert.ok(inlineCommands('docs/operations/administer.md').includes(start))
    await type(start.replace('starter/2.1.0', 'starter/1.0.0'))
    assert.match(await type('npm run reeltag -- packs shadow'), /starter\/1\.0\.0/)
    await type('npm run reeltag -- packs shadow --stop')
  })
})
