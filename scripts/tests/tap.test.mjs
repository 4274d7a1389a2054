import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { tapOutcome } from '../tap.mjs'

const outputOf = (...tests) => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-tap-')), 'some.test.mjs')
  fs.writeFileSync(file, ["import { describe, it } from 'node:test'", ...tests].join('\n'))
  // Inside a run of its own kind the runner would speak to this one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], { encoding: 'utf8', env })
  fs.rmSync(path.dirname(file), { recursive: true })
  return stdout
}
const passing = "it('passes', () => {})"
const skipped = "it('is skipped', { skip: 'there is no tool' }, () => {})"

test('a skipped test is a failure where everything must run, and only there', () => {
  const output = outputOf(passing, skipped)
  assert.deepEqual(tapOutcome(output, false), { passed: 1, failed: 0, skipped: 1, reasons: ['there is no tool'] })
  assert.equal(tapOutcome(output, true).failed, 1)
  assert.equal(tapOutcome(outputOf(passing, "describe('all of them', { skip: 'no' }, () => {})"), true).failed, 1)
})

test('a skip that leaves no gap is none', () => {
  const output = outputOf(passing, "it('is skipped', { skip: 'optional: another test holds it' }, () => {})")
  assert.deepEqual([tapOutcome(output, true).failed, tapOutcome(output, true).skipped], [0, 1])
})

test('a test that fails, and a run of no test, are failures', () => {
  assert.equal(tapOutcome(outputOf("it('fails', () => { throw new Error('no') })"), false).failed, 1)
  assert.equal(tapOutcome('', false).failed, 1)
})
