import fs from 'node:fs'
import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { check, mustRun, reported, run } from './command.mjs'

const pythonMissing = 'python3 with venv is not there: install Python 3.11 or newer with venv (Debian: python3-venv)'
const probe = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

/**
 * A Python with what measuring needs: the one that REELTAG_TRAINING_PYTHON names, or a venv of ours without PyTorch.
 * @returns {Promise<string | undefined>} undefined where there is none to make it with
 */
const trainingPython = async () => {
  if (process.env.REELTAG_TRAINING_PYTHON) return process.env.REELTAG_TRAINING_PYTHON
  const venv = path.join(root, 'training/.venv-eval')
  const python = path.join(venv, 'bin/python')
  const { status } = await run('python3', ['-c', probe]).catch(() => ({ status: 1 }))
  if (status !== 0) return undefined
  if (!fs.existsSync(python)) await mustRun('python3', ['-m', 'venv', venv], 'training')
  await mustRun(python, ['-m', 'pip', 'install', '--quiet', '-r', 'requirements-eval.txt'], 'training')
  return python
}

/** Packages that no user gets, in a folder of their own; again only where its lockfile has changed. @param {string} folder */
const installPackages = async (folder) => {
  const [locked, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
    (file) => fs.statSync(path.join(root, folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  )
  if (installed >= locked) return
  const options = ['--no-workspaces', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await mustRun('npm', ['ci', ...options], folder)
}

/** @param {string} python @param {string[]} chosen @param {NodeJS.ProcessEnv} env @returns {Promise<import('./outcomes.mjs').Test[]>} */
const pytest = async (python, chosen, env) => {
  const { tests, output } = await reported((report) =>
    run(python, ['-m', 'pytest', '-q', '--outcomes', report, ...chosen, 'training/tests'], { env }),
  )
  return tests.length > 0 ? tests : [{ name: 'a test ran', outcome: 'failed', detail: output.slice(-4000) }]
}

/**
 * Tests of the training code, and a fresh measurement of the model card with the shipped graphs.
 * @param {boolean} quick without the tests that are marked slow
 * @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>}
 */
export const trainingSuite = async (quick, say) => {
  const python = await trainingPython()
  if (python === undefined) return [{ name: 'all of its tests', outcome: 'skipped', reason: pythonMissing }]
  for (const folder of ['training', 'training/peer']) await installPackages(folder)
  const env = { ...process.env, PYTHONPATH: path.join(root, 'training/src') }
  const tests = await pytest(python, quick ? ['-m', 'not slow'] : [], env)
  const remeasure = ['-m', 'reeltag_training.starter.remeasure', '--sample', '300']
  const { test, output } = await check('the model card can be measured again', python, remeasure, env)
  say(output.trim())
  return [...tests, test]
}
