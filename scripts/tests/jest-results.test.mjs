import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jestTests } from '../test/jest-results.mjs'

const file = (status, assertionResults, message = '') => ({ name: '/a.spec.js', status, message, assertionResults })

test('the reason of a skip is in the titles of its groups', () => {
  const fullName = 'a store [not here: no Redis: install Redis; no Java: install Java] keeps what it is given'
  const [skipped, silent] = jestTests([
    file('passed', [
      { fullName, status: 'pending' },
      { fullName: 'a store keeps', status: 'pending' },
    ]),
  ])
  assert.equal(skipped.name, 'a store keeps what it is given')
  assert.deepEqual([skipped.outcome, skipped.reason], ['skipped', 'no Redis: install Redis; no Java: install Java'])
  assert.deepEqual([silent.outcome, silent.reason], ['skipped', undefined])
})

test('milliseconds become seconds, and a failure keeps what it said', () => {
  const tests = jestTests([
    file('failed', [
      { fullName: 'passes', status: 'passed', duration: 1500 },
      { fullName: 'fails', status: 'failed', duration: null, failureMessages: ['expected'] },
    ]),
  ])
  assert.deepEqual(tests, [
    { name: 'passes', seconds: 1.5, outcome: 'passed' },
    { name: 'fails', seconds: 0, outcome: 'failed', detail: 'expected' },
  ])
})

test('a file that could not be loaded is a failure of its own', () => {
  assert.deepEqual(jestTests([file('failed', [], 'cannot find module')]), [
    { name: '/a.spec.js', outcome: 'failed', detail: 'cannot find module' },
  ])
})
