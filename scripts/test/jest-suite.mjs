import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { jest, run } from './command.mjs'
import { jestTests } from './jest-results.mjs'
import { withRunFolder } from './run-folder.mjs'

/** The suffix of a file says which suite it belongs to; a plain `.spec` is small, `.quick.faults` a fault for everybody. */
const patterns = {
  small: '(?<!\\.(medium|golden|e2e|faults))\\.spec\\.js$',
  medium: '\\.medium\\.spec\\.js$',
  golden: '\\.golden\\.spec\\.js$',
  e2e: '\\.e2e\\.spec\\.js$',
  faults: '\\.faults\\.spec\\.js$',
  'faults-quick': '\\.quick\\.faults\\.spec\\.js$',
}

/** Platforms of their own on two cores: one after another. Others wait as often as they compute: two fit. */
const serial = new Set(['e2e', 'faults', 'faults-quick'])

/** @param {keyof typeof patterns} suite @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>} */
export const jestSuite = async (suite, say) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-jest-'))
  const report = path.join(folder, 'report.json')
  const workers = serial.has(suite) ? '--runInBand' : `--maxWorkers=${Math.max(2, os.availableParallelism() - 1)}`
  const args = ['--testPathPatterns', patterns[suite], '--json', '--outputFile', report, '--forceExit', workers]
  // Jest's report on its standard output is the one in the file once more, and the closing lists what failed.
  const onText = (/** @type {string} */ text) => {
    for (const line of text.split('\n')) if (/^(PASS|FAIL) /.test(line)) say(line)
  }
  const { output } = await withRunFolder((env) => run(process.execPath, [...jest, ...args], { env, onText }))
  const results = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined
  fs.rmSync(folder, { recursive: true, force: true })
  const tests = results === undefined ? [] : jestTests(results.testResults)
  return tests.length > 0 ? tests : [{ name: 'a test ran', outcome: 'failed', detail: output.slice(-2000) }]
}
