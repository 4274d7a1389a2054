import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { nodeTests } from '../test/node-suite.mjs'

const outcomesOf = async (...lines) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-node-suite-'))
  fs.writeFileSync(
    path.join(folder, 'some.test.mjs'),
    ["import { describe, it } from 'node:test'", ...lines].join('\n'),
  )
  const tests = await nodeTests(folder, () => {})
  fs.rmSync(folder, { recursive: true })
  return tests.map(({ name, outcome, reason, detail }) => ({ name, outcome, reason, detail }))
}
const passing = "it('passes', () => {})"

test('every test is told once, with the reason of a skip', async () => {
  const [first, second, third, ...rest] = await outcomesOf(
    passing,
    "it('is skipped', { skip: 'no tool: install it' }, () => {})",
    "describe('a group', () => { it('is inside', () => {}) })",
  )
  assert.deepEqual(rest, [])
  assert.deepEqual([first.outcome, second.outcome, second.reason], ['passed', 'skipped', 'no tool: install it'])
  assert.deepEqual([third.name, third.outcome], ['is inside', 'passed'])
})

test('a group that is skipped is a skip', async () => {
  const tests = await outcomesOf(passing, "describe('all of them', { skip: 'no: do' }, () => { it('x', () => {}) })")
  assert.deepEqual(
    tests.map(({ outcome }) => outcome),
    ['passed', 'skipped'],
  )
})

test('a test that fails is told once and with what it said; a file that breaks and one without a test are failures', async () => {
  const failing = "describe('a group', () => { it('fails', () => { throw new Error('not so') }) })"
  const [failed, ...others] = await outcomesOf(failing)
  assert.deepEqual([failed.name, failed.outcome, others.length], ['fails', 'failed', 0])
  assert.match(failed.detail, /not so/)
  assert.equal((await outcomesOf("throw new Error('broken')"))[0].outcome, 'failed')
  assert.equal((await outcomesOf(''))[0].outcome, 'failed')
})
