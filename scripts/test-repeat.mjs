// npm run test:repeat -- N [--busy] [suite …]: `npm test` N times, with --busy beside two processes that compute all the while.
// Says for each run what failed and at the end which tests were slow; ends with 1 if any run failed.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { main, root } from './bootstrap.mjs'
import { hasFailed, repetitionOf, runLines, slowestOfAll } from './test/repetition.mjs'

const slowShown = 15
const busyProcesses = 2
// Ends by itself where it has lost its parent, so that nothing computes on after a kill -9.
const compute = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e8; i++);'

/** @param {number} count @returns what ends them */
const startBusy = (count) => {
  const children = Array.from({ length: count }, () => spawn(process.execPath, ['-e', compute], { stdio: 'ignore' }))
  const end = () => children.forEach((child) => child.kill('SIGKILL'))
  process.once('exit', end)
  return end
}

/** @param {string} folder @param {number} number @param {string[]} suites @returns {Promise<import('./test/repetition.mjs').Report | undefined>} */
const runOnce = async (folder, number, suites) => {
  const report = path.join(folder, `run-${number}.json`)
  const log = fs.openSync(path.join(folder, `run-${number}.log`), 'w')
  const script = path.join(root, 'scripts/test.mjs')
  const child = spawn(process.execPath, [script, ...suites, '--report', report], {
    cwd: root,
    stdio: ['ignore', log, log],
  })
  fs.closeSync(log)
  const stop = () => child.kill('SIGTERM')
  process.once('exit', stop)
  await new Promise((resolve) => child.once('close', resolve))
  process.off('exit', stop)
  return fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined
}

await main(async () => {
  const { count, busy, suites } = repetitionOf(process.argv.slice(2))
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-repeat-'))
  console.log(`output and reports of each run: ${folder}`)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.once(signal, () => process.exit(128 + os.constants.signals[signal]))
  const endBusy = startBusy(busy ? busyProcesses : 0)
  const reports = []
  for (let number = 1; number <= count; number++) {
    const report = await runOnce(folder, number, suites)
    reports.push(report)
    for (const line of runLines(number, report)) console.log(line)
  }
  endBusy()
  console.log('\n— the slowest tests of all runs (longest, median, shortest)')
  const whole = reports.flatMap((report) => report ?? [])
  for (const { name, most, median, least } of slowestOfAll(whole, slowShown))
    console.log(`${[most, median, least].map((seconds) => `${seconds.toFixed(1).padStart(6)} s`).join(' ')}  ${name}`)
  const failed = reports.filter((report) => hasFailed([report])).length
  console.log(`\n${count - failed} of ${count} runs passed`)
  if (failed > 0) process.exitCode = 1
})
