import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { root } from '../bootstrap.mjs'

/** Node's arguments for Jest, which runs ES modules. */
export const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
]

/** Children at work, each the leader of a process group of its own. @type {Set<import('node:child_process').ChildProcess>} */
const atWork = new Set()
/** @type {NodeJS.Signals | undefined} */
let stopped
const graceMs = 10_000

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
const signalGroup = ({ pid }, signal) => {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Ends all commands that run, with what they started, and lets none start any more. @param {NodeJS.Signals} signal */
export const stopCommands = (signal) => {
  stopped = signal
  for (const child of atWork) signalGroup(child, signal)
  setTimeout(() => atWork.forEach((child) => signalGroup(child, 'SIGKILL')), graceMs).unref()
}

/**
 * Runs a command in the clone to its end, and keeps what it prints.
 * @param {string} command @param {string[]} args
 * @param {{ folder?: string, env?: NodeJS.ProcessEnv, limitMs?: number, onText?: (text: string) => void }} [options] where it
 *   runs, from the clone; after how long it is killed with all that it started
 * @returns {Promise<{ status: number | null, output: string }>}
 */
export const run = (command, args, { folder = '.', env = process.env, limitMs, onText } = {}) =>
  new Promise((resolve, reject) => {
    if (stopped !== undefined) throw new Error(`not started: the run was stopped by ${stopped}`)
    const options = { cwd: path.resolve(root, folder), env, detached: true }
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    atWork.add(child)
    const timer = limitMs === undefined ? undefined : setTimeout(() => signalGroup(child, 'SIGKILL'), limitMs)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
        onText?.(text)
      })
    }
    const ended = () => {
      clearTimeout(timer)
      atWork.delete(child)
    }
    child.on('error', (error) => {
      ended()
      reject(error)
    })
    child.on('close', (status) => {
      ended()
      resolve({ status, output })
    })
  })

/** @param {string} command @param {string[]} args @param {string} folder */
export const mustRun = async (command, args, folder) => {
  const { status, output } = await run(command, args, { folder })
  if (status !== 0)
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed: ${output.trim().split('\n').at(-1)}`)
}

/**
 * A command that passes or fails as a whole, as one test.
 * @param {string} name @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ test: import('./outcomes.mjs').Test, output: string }>}
 */
export const check = async (name, command, args, env) => {
  const started = performance.now()
  const { status, output } = await run(command, args, { env })
  const seconds = (performance.now() - started) / 1000
  if (status === 0) return { test: { name, seconds, outcome: 'passed' }, output }
  return { test: { name, seconds, outcome: 'failed', detail: output }, output }
}

/**
 * Runs what writes a line of JSON for each test to a file.
 * @param {(report: string) => Promise<{ output: string }>} start runs it to its end
 * @returns {Promise<{ tests: import('./outcomes.mjs').Test[], output: string }>}
 */
export const reported = async (start) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-tests-'))
  const report = path.join(folder, 'report.jsonl')
  const { output } = await start(report)
  const lines = fs.existsSync(report) ? fs.readFileSync(report, 'utf8').split('\n') : []
  fs.rmSync(folder, { recursive: true, force: true })
  return { tests: lines.filter((line) => line !== '').map((line) => JSON.parse(line)), output }
}
