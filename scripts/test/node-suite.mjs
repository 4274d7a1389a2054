import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { run } from './command.mjs'

/**
 * Tests under Node's own runner. A run of no test is a failure.
 * @param {string} folder @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>}
 */
export const nodeTests = async (folder, say) => {
  const files = fs
    .readdirSync(path.resolve(root, folder))
    .filter((file) => file.endsWith('.test.mjs'))
    .map((file) => path.join(folder, file))
  const draft = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-node-tests-'))
  const report = path.join(draft, 'report.jsonl')
  // Inside a run of its own kind the runner would speak to that one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const reporters = [
    `--test-reporter=${path.join(import.meta.dirname, 'node-reporter.mjs')}`,
    `--test-reporter-destination=${report}`,
  ]
  const { output } = await run(process.execPath, ['--test', ...reporters, ...files], { env })
  const lines = fs.existsSync(report) ? fs.readFileSync(report, 'utf8').split('\n') : []
  fs.rmSync(draft, { recursive: true, force: true })
  const tests = lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  for (const { name, outcome } of tests)
    if (outcome !== 'skipped') say(`${outcome === 'passed' ? 'ok  ' : 'FAIL'} ${name}`)
  return tests.length > 0 ? tests : [{ name: `tests of ${folder}`, outcome: 'failed', detail: output }]
}
