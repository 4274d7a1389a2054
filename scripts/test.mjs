// npm test [-- all | suite …] [--report FILE]    which suites there are, and what runs without a word: test/suites.mjs
// REELTAG_REQUIRE_ALL=1 turns a test that could not run here into a failure.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bootstrap, main } from './bootstrap.mjs'
import { closing, totalsOf } from './test/outcomes.mjs'
import { wantedSuites } from './test/suites.mjs'

/** @type {NodeJS.Signals | undefined} */
let stopped
/** The suites end by themselves once their commands are gone. @param {NodeJS.Signals} signal */
const stop = async (signal) => {
  stopped = signal
  console.log(`stopped by ${signal}: ending what was started`)
  const { stopCommands } = await import('./test/command.mjs')
  stopCommands(signal)
}

await main(async () => {
  const { values, positionals } = parseArgs({ options: { report: { type: 'string' } }, allowPositionals: true })
  const wanted = wantedSuites(positionals)
  const started = performance.now()
  await bootstrap()
  // Only now is there something to import.
  const { runSuites } = await import('./test/run-suites.mjs')
  for (const signal of /** @type {const} */ (['SIGHUP', 'SIGINT', 'SIGTERM'])) process.once(signal, () => stop(signal))
  const runs = await runSuites(wanted, process.env.REELTAG_REQUIRE_ALL === '1')
  for (const line of closing(runs)) console.log(line)
  const totals = totalsOf(runs.flatMap(({ tests }) => tests))
  if (values.report !== undefined) {
    fs.mkdirSync(path.dirname(path.resolve(values.report)), { recursive: true })
    const seconds = (performance.now() - started) / 1000
    fs.writeFileSync(values.report, JSON.stringify({ seconds, totals, suites: runs }, undefined, 1))
  }
  if (stopped !== undefined) process.exitCode = 128 + os.constants.signals[stopped]
  else if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1
})
