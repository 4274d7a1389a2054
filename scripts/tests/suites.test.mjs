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

test('every wanted suite is in one lane, and only once', () => {
  assert.deepEqual(lanesOf(['static', 'small']), [['static', 'small']])
  assert.deepEqual(
    lanesOf(wantedSuites(['all']))
      .flat()
      .toSorted(),
    wantedSuites(['all']).toSorted(),
  )
  assert.deepEqual(lanesOf(['faults', 'golden']), [['golden'], ['faults']])
})
