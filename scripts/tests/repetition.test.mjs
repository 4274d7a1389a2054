import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../bootstrap.mjs'
import { hasFailed, repetitionOf, runLines, slowestOfAll } from '../test/repetition.mjs'

const report = (seconds, failed = 0) => ({
  seconds: 100,
  totals: { passed: 2, failed, skipped: 0 },
  suites: [
    {
      suite: 'medium',
      seconds: 100,
      tests: [
        { name: 'slow', outcome: /** @type {const} */ ('passed'), seconds },
        {
          name: 'quick',
          outcome: failed > 0 ? /** @type {const} */ ('failed') : /** @type {const} */ ('passed'),
          seconds: 1,
        },
      ],
    },
  ],
})

test('says how often, beside what, and which suites', () => {
  assert.deepEqual(repetitionOf(['3', '--busy', 'small']), { count: 3, busy: true, suites: ['small'] })
  assert.deepEqual(repetitionOf(['10']), { count: 10, busy: false, suites: [] })
  for (const words of [[], ['--busy'], ['0'], ['small', '3']]) assert.throws(() => repetitionOf(words), /how often/)
})

test('a run tells its figures and the names of what failed', () => {
  assert.deepEqual(runLines(2, report(5, 1)), ['run 2: 2 passed, 1 failed, 0 skipped, 100 s', '  FAIL medium: quick'])
  assert.match(runLines(3, undefined)[0], /without a report/)
})

test('the slowest are told by their longest run, with how far the runs lie apart', () => {
  assert.deepEqual(slowestOfAll([report(5), report(30), report(8)], 1), [
    { name: 'medium: slow', least: 5, median: 8, most: 30 },
  ])
})

test('a failed run, a run without a report and a run of no test all count', () => {
  assert.equal(hasFailed([report(5), report(6)]), false)
  assert.equal(hasFailed([report(5), report(6, 1)]), true)
  assert.equal(hasFailed([report(5), undefined]), true)
  assert.equal(hasFailed([{ ...report(5), totals: { passed: 0, failed: 0, skipped: 3 } }]), true)
})

test('the command ends with 1 where a run failed, leaves its report, and names the failure', () => {
  const script = path.join(root, 'scripts/test-repeat.mjs')
  // No such suite: each run ends before its first test.
  const { status, stdout } = spawnSync(process.execPath, [script, '2', '--busy', 'nosuite'], { encoding: 'utf8' })
  fs.rmSync(/of each run: (\S+)/.exec(stdout)?.[1] ?? '', { recursive: true, force: true })
  assert.equal(status, 1)
  assert.match(stdout, /run 2: it ended without a report[^]*0 of 2 runs passed/)
})
