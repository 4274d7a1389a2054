import { identityOf, isRunning, until } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { root } from '../bootstrap.mjs'

const urlOf = (file) => JSON.stringify(pathToFileURL(path.join(root, file)).href)

/** A run of one command, which starts a server of its own and then waits for ever. */
const programs = (folder) => ({
  'run.mjs': `
    import { run, stopCommands } from ${urlOf('scripts/test/command.mjs')}
    import { withRunFolder } from ${urlOf('scripts/test/run-folder.mjs')}
    process.once('SIGTERM', () => stopCommands('SIGTERM'))
    await withRunFolder((env) => run(process.execPath, [${JSON.stringify(path.join(folder, 'command.mjs'))}], { env }))
    await run(process.execPath, ['--version']).catch((error) => console.log(error.message))`,
  'command.mjs': `
    import fs from 'node:fs'
    import { startPostgres } from ${urlOf('libs/testing/dist/index.js')}
    const { pid } = await startPostgres()
    fs.writeFileSync(${JSON.stringify(path.join(folder, 'pids'))}, [process.pid, pid, process.env.REELTAG_TEST_RUN].join())
    process.on('SIGTERM', () => {})
    setInterval(() => {}, 1_000)`,
})

test('a signal to the run alone ends its commands, the servers that they started, and their folder', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-stopped-'))
  for (const [name, text] of Object.entries(programs(folder))) fs.writeFileSync(path.join(folder, name), text)
  const runner = spawn(process.execPath, [path.join(folder, 'run.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  runner.stdout.on('data', (chunk) => (said += chunk))
  const pids = path.join(folder, 'pids')
  await until('the server runs', 60, () => fs.existsSync(pids) && fs.readFileSync(pids, 'utf8').includes(','))
  const [command, server, runFolder] = fs.readFileSync(pids, 'utf8').split(',')
  const started = [command, server].map((pid) => identityOf(Number(pid)))
  assert.deepEqual(started.map(isRunning), [true, true])
  runner.kill('SIGTERM')
  await once(runner, 'close')
  assert.deepEqual(started.map(isRunning), [false, false])
  assert.equal(fs.existsSync(runFolder), false)
  assert.match(said, /not started: the run was stopped by SIGTERM/)
  fs.rmSync(folder, { recursive: true })
})
