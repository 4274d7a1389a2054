import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closing, judged, skipLines, totalsOf } from '../test/outcomes.mjs'

const skipped = (reason) => ({ name: 'it reads', outcome: /** @type {const} */ ('skipped'), reason })
const withRemedy = skipped('redis-server is not on the PATH: install Redis')
const optional = skipped('optional: no CUDA device: use a machine with one')

test('a skip is a failure where everything must run, unless it leaves no gap', () => {
  assert.equal(judged(withRemedy, false).outcome, 'skipped')
  assert.equal(judged(withRemedy, true).outcome, 'failed')
  assert.equal(judged(optional, true).outcome, 'skipped')
})

test('a skip that gives no reason, or no remedy, is a failure everywhere', () => {
  for (const reason of [undefined, '', 'there is no Redis', 'there is no Redis:', 'optional: no CUDA'])
    assert.equal(judged(skipped(reason), false).outcome, 'failed', String(reason))
})

test('what passed or failed stays as it is', () => {
  for (const outcome of /** @type {const} */ (['passed', 'failed']))
    assert.equal(judged({ name: 'it', outcome }, true).outcome, outcome)
})

test('a reason is told once, with the tests that it keeps from running', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const tests = names.map((name) => ({ ...withRemedy, name }))
  const lines = skipLines({ suite: 'medium', seconds: 1, tests: [...tests, { ...optional, name: 'f' }] })
  assert.deepEqual(lines, [
    'skip medium: redis-server is not on the PATH: install Redis (a; b; c; 2 more)',
    'skip medium: optional: no CUDA device: use a machine with one (f)',
  ])
})

test('the closing names durations, the ten slowest, skips and failures, and ends in the totals', () => {
  const timed = Array.from({ length: 12 }, (_, index) => ({
    name: `t${index}`,
    outcome: /** @type {const} */ ('passed'),
    seconds: index,
  }))
  const failed = { name: 'it writes', outcome: /** @type {const} */ ('failed'), detail: 'expected 1\nreceived 2' }
  const text = closing([
    { suite: 'small', seconds: 66, tests: timed },
    { suite: 'e2e', seconds: 5, tests: [withRemedy, failed] },
  ]).join('\n')
  assert.match(text, /66 s {2}small\n +5 s {2}e2e/)
  assert.match(text, /11\.0 s {2}small: t11\n +10\.0 s {2}small: t10/)
  assert.ok(text.includes('small: t2\n') && !text.includes('small: t1\n'))
  assert.match(text, /skip e2e: .* install Redis \(it reads\)\nFAIL e2e: it writes\n {5}expected 1\n {5}received 2/)
  assert.match(text, /\n12 passed, 1 failed, 1 skipped$/)
})

test('totals count every test once', () => {
  assert.deepEqual(totalsOf([]), { passed: 0, failed: 0, skipped: 0 })
  assert.deepEqual(totalsOf([withRemedy, optional]), { passed: 0, failed: 0, skipped: 2 })
})
