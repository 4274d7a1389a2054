// npm run train:starter — makes the starter pack again from nothing: art, corpus, models, calibration, card.
// Runs before node_modules exists; needs Python 3.11 or newer and the package registries.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const training = join(dirname(dirname(fileURLToPath(import.meta.url))), 'training')
const venv = join(training, '.venv')
const isWindows = process.platform === 'win32'
const python = isWindows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python')
// --trial runs all of it on a hundredth of the budget, to try the machinery; what it writes is not worth keeping.
const isTrial = process.argv.includes('--trial')
const threads = String(Math.min(2, availableParallelism()))

const fail = (cause, remedy) => {
  console.error(`\ntrain:starter stopped: ${cause}\n  ${remedy}`)
  process.exit(1)
}

const findPython = () => {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
  const found = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'].find(
    (name) => spawnSync(name, ['-c', check], { stdio: 'ignore' }).status === 0,
  )
  return (
    found ??
    fail(
      'no Python 3.11 or newer with venv was found',
      'Install it (Debian: apt-get install python3 python3-venv) and run again.',
    )
  )
}

const step = (title, command, args, remedy) => {
  console.log(`\n── ${title}\n   ${command} ${args.join(' ')}`)
  const began = Date.now()
  const result = spawnSync(command, args, {
    cwd: training,
    stdio: 'inherit',
    shell: isWindows && command === 'npm',
    env: {
      ...process.env,
      PYTHONPATH: join(training, 'src'),
      PYTHONUNBUFFERED: '1',
      OMP_NUM_THREADS: threads,
    },
  })
  if (result.error) fail(`${command} did not start: ${result.error.message}`, remedy)
  if (result.signal)
    fail(`${title} was ended by ${result.signal}`, 'Run it again; rendered art is kept in training/.cache.')
  if (result.status !== 0) fail(`${title} failed with status ${result.status}`, remedy)
  console.log(`   done in ${Math.round((Date.now() - began) / 1000)} s`)
}

const module = (title, name, ...args) =>
  step(title, python, ['-m', `reeltag_training.starter.${name}`, ...args], 'The lines above say why.')

console.log(`Training the starter pack with ${threads} thread(s). Files: models/, taxonomies/starter/, samples/.`)
const base = findPython()
if (!existsSync(python))
  step('1/7 virtual environment', base, ['-m', 'venv', venv], 'Is python3-venv installed, and the disk not full?')
step(
  '2/7 Python packages (PyTorch is large)',
  python,
  ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
  'Is the Python package registry reached? About 8 GB of disk are needed on Linux x64.',
)
step(
  '3/7 icon art and names',
  'npm',
  ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-workspaces'],
  'Is the npm registry reached?',
)
module('4/7 vision tower', 'train_vision', '--threads', threads, ...(isTrial ? ['--share', '0.01'] : []))
module(
  '5/7 text, fusion, export, calibration, card',
  'build',
  '--threads',
  threads,
  ...(isTrial ? ['--titles', '12800', '--motion-clips', '256'] : []),
)
module('6/7 sample clips', 'samples')
module('7/7 measure the pack again', 'remeasure', '--sample', '300')
console.log('\nThe pack is in models/packs/starter/2.0.0; its card says what it is worth.')
