// The Python of the peers. None is needed for Reeltag itself.
import { execFile, spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import { promisify } from 'node:util'

const here = import.meta.dirname
export const python =
  process.env.BENCH_PYTHON ?? process.env.REELTAG_TRAINING_PYTHON ?? path.join(here, '.venv/bin/python')
// No peer reports what it measures either.
export const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONPATH: path.join(here, '../training/src') }
const remedy =
  'python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/requirements.txt, or BENCH_PYTHON names one that has it'

/** @param {readonly string[]} modules @returns {string | undefined} what is missing and what to do, where something is */
export const pythonLacks = (modules) => {
  const script = `import importlib.util, sys
missing = [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]
print(' '.join(missing))`
  const { status, stdout } = spawnSync(python, ['-c', script, ...modules], { encoding: 'utf8' })
  if (status !== 0) return `there is no Python: ${python} does not start; remedy: ${remedy}`
  const missing = stdout.trim()
  return missing === '' ? undefined : `Python lacks ${missing}: ${python}; remedy: ${remedy}`
}

/** Runs a program that says a JSON object a line. @param {string} command @param {readonly string[]} args @returns {Promise<any[]>} */
export const jsonLines = async (command, args) => {
  const { stdout } = await promisify(execFile)(command, [...args], { env, maxBuffer: 2 ** 24 })
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** A script of bench/ that answers a line to each line. @param {string} script */
export const askPython = (script) => {
  const child = spawn(python, [path.join(here, script)], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  // One that could not start answers nothing, and its pipe is closed.
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  /** @returns {Promise<string | undefined>} undefined where it has ended */
  const next = async () => (await lines.next()).value
  return {
    next,
    /** @param {string} line */
    ask: (line) => {
      child.stdin.write(`${line}\n`)
      return next()
    },
    close: () => child.stdin.end(),
  }
}
