/**
 * @typedef {object} Test what became of one test, whatever ran it
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {number} [seconds]
 * @property {string} [reason] of a skip: what is missing, a colon, and what to do about it
 * @property {string} [detail] of a failure
 */
/** @typedef {{ suite: string, seconds: number, tests: Test[] }} SuiteRun */

/** A skip whose reason begins so is no gap: something else holds what the test would. */
const optional = /^optional: /
const withRemedy = /^[^:]*[^:\s]: \S/

/**
 * A skip where everything must run is a failure, and so is one that does not tell the reader what to do about it.
 * @param {Test} test @param {boolean} requireAll @returns {Test}
 */
export const judged = (test, requireAll) => {
  if (test.outcome !== 'skipped') return test
  const reason = test.reason ?? ''
  if (!withRemedy.test(reason.replace(optional, '')))
    return { ...test, outcome: 'failed', detail: `skipped without a reason and a remedy: "${reason}"` }
  if (!requireAll || optional.test(reason)) return test
  return { ...test, outcome: 'failed', detail: `skipped where everything must run: ${reason}` }
}

/** @param {Test[]} tests */
export const totalsOf = (tests) => {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  for (const { outcome } of tests) totals[outcome]++
  return totals
}

/** @param {{ passed: number, failed: number, skipped: number }} totals */
export const closingLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** @template T @param {T[]} items @param {(item: T) => string} keyOf @returns {Map<string, T[]>} */
export const grouped = (items, keyOf) => {
  const groups = new Map()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

const namesShownMax = 3

/** @param {SuiteRun} run @returns one line for each reason of the suite's skips */
export const skipLines = ({ suite, tests }) =>
  [
    ...grouped(
      tests.filter(({ outcome }) => outcome === 'skipped'),
      ({ reason }) => reason ?? '',
    ),
  ].map(([reason, group]) => {
    const shown = group.slice(0, namesShownMax).map(({ name }) => name)
    const more = group.length - shown.length
    return `skip ${suite}: ${reason} (${shown.join('; ')}${more > 0 ? `; ${more} more` : ''})`
  })

/** @param {SuiteRun} run */
export const failureLines = ({ suite, tests }) =>
  tests
    .filter(({ outcome }) => outcome === 'failed')
    .map(
      ({ name, detail = '' }) => `FAIL ${suite}: ${name}${detail === '' ? '' : `\n${detail.replace(/^/gm, '     ')}`}`,
    )

/** @param {SuiteRun[]} runs @param {number} count */
export const slowest = (runs, count) =>
  runs
    .flatMap(({ suite, tests }) => tests.map(({ name, seconds = 0 }) => ({ suite, name, seconds })))
    .sort((left, right) => right.seconds - left.seconds)
    .slice(0, count)

/** @param {SuiteRun[]} runs @returns what is printed when all suites have ended */
export const closing = (runs) => [
  '\n— durations',
  ...runs.map(({ suite, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${suite}`),
  '\n— the ten slowest tests',
  ...slowest(runs, 10).map(({ suite, name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${suite}: ${name}`),
  ...['', ...runs.flatMap(skipLines), ...runs.flatMap(failureLines)],
  `\n${closingLine(totalsOf(runs.flatMap(({ tests }) => tests)))}`,
]
