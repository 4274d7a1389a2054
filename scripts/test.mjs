// npm test [-- suite …]    suites: static small medium golden e2e faults deploy training (default: all)
// REELTAG_REQUIRE_ALL=1 turns a suite that could not run here into a failure.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bootstrap, main, root } from './bootstrap.mjs'
import { tapOutcome } from './tap.mjs'

const requireAll = process.env.REELTAG_REQUIRE_ALL === '1'
const totals = { passed: 0, failed: 0, skipped: 0 }

const run = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk
        if (options.live) process.stdout.write(chunk)
      })
    }
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })

const count = (outcome, name, detail = '') => {
  totals[outcome]++
  const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[outcome]
  console.log(`${mark} ${name}${detail === '' ? '' : `: ${detail}`}`)
}

/** A check that passes or fails as a whole. */
const check = async (name, script, args = []) => {
  const { status, output } = await run(process.execPath, [path.join('scripts', script), ...args])
  count(status === 0 ? 'passed' : 'failed', name)
  if (status !== 0) console.log(output)
}

/** Tests of scripts, under Node's own runner. */
const nodeTests = async (name, folder) => {
  const files = fs.readdirSync(path.join(root, folder)).map((file) => path.join(folder, file))
  const { output } = await run(process.execPath, ['--test', '--test-reporter=tap', ...files])
  const { passed, failed, skipped, reasons } = tapOutcome(output, requireAll)
  totals.passed += passed
  totals.failed += failed
  totals.skipped += skipped
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${name} (${passed} tests)`)
  if (failed > 0) console.log(output)
  for (const reason of reasons) console.log(`skip ${name}: ${reason}`)
}

const staticSuite = async () => {
  await check('lint, format, boundaries, declarations', 'lint.mjs')
  await check('contracts are as locked', 'contracts-lock.mjs', ['check'])
  await check('migrations make the schema', 'migrations.mjs', ['drift'])
  await check('lockfile names every platform', 'check-lockfile.mjs')
  await check('docs name what exists', 'check-docs.mjs')
  await check('what docs tell people to type is run', 'check-commands.mjs')
  await check('references are what the code says', 'reference-docs.mjs', ['check'])
  await check('performance is what the last run says', 'performance-docs.mjs', ['check'])
  await check('licences are allowed', 'check-licences.mjs')
  await check('alerts fire, and are explained', 'check-monitoring.mjs')
  await nodeTests('gates refuse what they should', 'scripts/tests')
}

// The suffix of a file says which suite it belongs to; a plain `.spec` is small.
const patterns = {
  small: '(?<!\\.(medium|golden|e2e|faults))\\.spec\\.js$',
  medium: '\\.medium\\.spec\\.js$',
  golden: '\\.golden\\.spec\\.js$',
  e2e: '\\.e2e\\.spec\\.js$',
  faults: '\\.faults\\.spec\\.js$',
}

/** Servers that npm cannot give are fetched before the first test, so that no test waits for a download. */
const installServers = async () => {
  const { whyNot, installKafka, installMlserver, installS3, installTriton } = await import('@reeltag/testing')
  const installs = { kafka: installKafka, s3: installS3, mlserver: installMlserver, triton: installTriton }
  for (const [name, install] of Object.entries(installs)) {
    if (whyNot(/** @type {keyof typeof installs} */ (name)) !== undefined) continue
    await install().catch((error) => count('failed', `${name} can be installed`, error.message))
  }
}

const jestSuite = async (suite) => {
  if (suite !== 'small' && suite !== 'golden') await installServers()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-jest-'))
  const report = path.join(folder, 'report.json')
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
  const args = ['--testPathPatterns', patterns[suite], '--json', '--outputFile', report, '--forceExit']
  // Platforms of their own on two cores: one after another.
  if (suite === 'e2e' || suite === 'faults') args.push('--runInBand')
  // They wait for servers as often as they compute: two fit on two cores.
  else args.push(`--maxWorkers=${Math.max(2, os.availableParallelism() - 1)}`)
  const { output } = await run(process.execPath, [...jest, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    live: true,
  })
  const results = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined
  fs.rmSync(folder, { recursive: true, force: true })
  if (results === undefined || results.numTotalTests === 0) {
    totals.failed++
    return console.log(`FAIL ${suite}: no test ran\n${output.slice(-2000)}`)
  }
  totals.passed += results.numPassedTests
  totals.failed += results.numFailedTests + results.numRuntimeErrorTestSuites
  totals.skipped += results.numPendingTests + results.numTodoTests
  if (requireAll && results.numPendingTests > 0) {
    totals.failed++
    console.log(`FAIL ${suite}: ${results.numPendingTests} tests were skipped where everything must run`)
  }
}

const countOf = (output, word) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0)

/** A Python with what measuring needs: the one that REELTAG_TRAINING_PYTHON names, or a venv of ours without PyTorch. */
const trainingPython = async () => {
  if (process.env.REELTAG_TRAINING_PYTHON) return process.env.REELTAG_TRAINING_PYTHON
  const venv = path.join(root, 'training/.venv-eval')
  const python = path.join(venv, 'bin/python')
  const probe = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
  const { status } = await run('python3', ['-c', probe]).catch(() => ({ status: 1 }))
  if (status !== 0) throw new Error('there is no Python 3.11 or newer with venv')
  if (!fs.existsSync(python)) await mustRun('python3', ['-m', 'venv', venv])
  await mustRun(python, ['-m', 'pip', 'install', '--quiet', '-r', 'requirements-eval.txt'])
  return python
}

/** Packages that no user gets, in a folder of their own; again only where its lockfile has changed. */
const installPackages = async (folder) => {
  const [locked, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
    (file) => fs.statSync(path.join(root, folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  )
  if (installed >= locked) return
  const options = ['--no-workspaces', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await mustRun('npm', ['ci', ...options], folder)
}

const mustRun = async (command, args, folder = 'training') => {
  const { status, output } = await run(command, args, { cwd: path.join(root, folder) })
  if (status !== 0)
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed: ${output.trim().split('\n').at(-1)}`)
}

/** Tests of the training code, and a fresh measurement of the model card with the shipped graphs. */
const trainingSuite = async () => {
  let python
  try {
    python = await trainingPython()
    for (const folder of ['training', 'training/peer']) await installPackages(folder)
  } catch (error) {
    return count(requireAll ? 'failed' : 'skipped', 'training', error.message)
  }
  const env = { ...process.env, PYTHONPATH: path.join(root, 'training/src') }
  const { output } = await run(python, ['-m', 'pytest', '-q', '-rs', 'training/tests'], { env })
  totals.passed += countOf(output, 'passed')
  totals.failed += countOf(output, 'failed') + countOf(output, 'error') || Number(countOf(output, 'passed') === 0)
  totals.skipped += countOf(output, 'skipped')
  console.log(
    output
      .split('\n')
      .filter((line) => /SKIPPED|passed|failed|Error/.test(line))
      .join('\n'),
  )
  const measured = await run(python, ['-m', 'reeltag_training.remeasure', '--sample', '300'], { env })
  count(measured.status === 0 ? 'passed' : 'failed', 'the model card can be measured again')
  console.log(measured.output.trim())
}

const suites = {
  static: staticSuite,
  small: () => jestSuite('small'),
  medium: () => jestSuite('medium'),
  golden: () => jestSuite('golden'),
  e2e: () => jestSuite('e2e'),
  faults: () => jestSuite('faults'),
  deploy: () => nodeTests('images, Compose file and chart', 'scripts/deploy/tests'),
  training: trainingSuite,
}

await main(async () => {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !(name in suites))
  if (unknown.length > 0)
    throw new Error(`there is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`)
  await bootstrap()
  for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
    const started = Date.now()
    console.log(`\n— ${name}`)
    await suites[name]()
    console.log(`  ${((Date.now() - started) / 1000).toFixed(0)} s`)
  }
  console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
  if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1
})
