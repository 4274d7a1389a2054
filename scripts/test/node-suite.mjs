import fs from 'node:fs'
import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { reported, run } from './command.mjs'
import { withRunFolder } from './run-folder.mjs'

/**
 * Tests under Node's own runner. A run of no test is a failure.
 * @param {string} folder @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>}
 */
export const nodeTests = async (folder, say) => {
  const files = fs
    .readdirSync(path.resolve(root, folder))
    .filter((file) => file.endsWith('.test.mjs'))
    .map((file) => path.join(folder, file))
  const reporter = `--test-reporter=${path.join(import.meta.dirname, 'node-reporter.mjs')}`
  const { tests, output } = await reported((report) =>
    withRunFolder((own) => {
      // Inside a run of its own kind the runner would speak to that one.
      const { NODE_TEST_CONTEXT: _, ...env } = own
      return run(process.execPath, ['--test', reporter, `--test-reporter-destination=${report}`, ...files], { env })
    }),
  )
  for (const { name, outcome } of tests)
    if (outcome !== 'skipped') say(`${outcome === 'passed' ? 'ok  ' : 'FAIL'} ${name}`)
  return tests.length > 0 ? tests : [{ name: `tests of ${folder}`, outcome: 'failed', detail: output }]
}
