import path from 'node:path'
import { check } from './command.mjs'
import { nodeTests } from './node-suite.mjs'

/** Checks that pass or fail as a whole: what each holds, and the script that looks. */
const checks = /** @type {const} */ ([
  ['lint, format, boundaries, declarations', 'lint.mjs'],
  ['contracts are as locked', 'contracts-lock.mjs', 'check'],
  ['migrations make the schema', 'migrations.mjs', 'drift'],
  ['lockfile names every platform', 'check-lockfile.mjs'],
  ['docs name what exists', 'check-docs.mjs'],
  ['what docs tell people to type is run', 'check-commands.mjs'],
  ['references are what the code says', 'reference-docs.mjs', 'check'],
  ['performance is what the last run says', 'performance-docs.mjs', 'check'],
  ['licences are allowed', 'check-licences.mjs'],
  ['alerts fire, and are explained', 'check-monitoring.mjs'],
])

/** @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>} */
export const staticSuite = async (say) => {
  const tests = []
  for (const [name, script, ...args] of checks) {
    const { test: outcome } = await check(name, process.execPath, [path.join('scripts', script), ...args])
    say(`${outcome.outcome === 'passed' ? 'ok  ' : 'FAIL'} ${name}`)
    tests.push(outcome)
  }
  return [...tests, ...(await nodeTests('scripts/tests', say))]
}
