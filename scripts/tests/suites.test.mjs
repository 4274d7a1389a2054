import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lanesOf, suiteNames, wantedSuites } from '../test/suites.mjs'

test('without a word the quick halves run, with "all" the whole suites, and never both', () => {
  const few = wantedSuites([])
  assert.ok(few.includes('faults-quick') && few.includes('training-quick') && !few.includes('deploy'))
  const all = wantedSuites(['all'])
  assert.deepEqual(all.toSorted(), suiteNames.filter((name) => !name.endsWith('-quick')).toSorted())
  assert.deepEqual(wantedSuites(['faults-quick', 'faults']), ['faults'])
})

test('a suite that is not there is refused with the names of those that are', () => {
  assert.throws(() => wantedSuites(['small', 'smal']), /no suite smal;.*small/)
})

test('every wanted suite is in one lane, and servers are fetched before what needs them', () => {
  assert.deepEqual(lanesOf(['static', 'small']), [['static', 'small']])
  const lanes = lanesOf(wantedSuites(['all']))
  assert.deepEqual(lanes.flat().toSorted(), [...wantedSuites(['all']), 'servers'].toSorted())
  for (const name of ['medium', 'e2e', 'faults', 'faults-quick']) assert.deepEqual(lanesOf([name]), [['servers', name]])
})
