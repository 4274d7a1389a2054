// What repeated runs of `npm test` came to.
import { grouped } from './outcomes.mjs'

/** @typedef {{ seconds: number, totals: { passed: number, failed: number, skipped: number }, suites: import('./outcomes.mjs').SuiteRun[] }} Report */

/** @param {string[]} words `N`, perhaps `--busy`, and suites */
export const repetitionOf = (words) => {
  const [count, ...suites] = words.filter((word) => word !== '--busy')
  if (!/^[1-9]\d*$/.test(count ?? '')) throw new Error('say how often: npm run test:repeat -- N [--busy] [suite …]')
  return { count: Number(count), busy: words.includes('--busy'), suites }
}

/** @param {number} number @param {Report | undefined} report undefined where the run left none */
export const runLines = (number, report) => {
  if (report === undefined) return [`run ${number}: it ended without a report`]
  const { passed, failed, skipped } = report.totals
  const failures = report.suites.flatMap(({ suite, tests }) =>
    tests.filter(({ outcome }) => outcome === 'failed').map(({ name }) => `  FAIL ${suite}: ${name}`),
  )
  const head = `run ${number}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${report.seconds.toFixed(0)} s`
  return [head, ...failures]
}

/** @param {Report[]} reports @param {number} count @returns the tests with the longest run of all, and how far their runs lie apart */
export const slowestOfAll = (reports, count) => {
  const timed = reports.flatMap(({ suites }) =>
    suites.flatMap(({ suite, tests }) =>
      tests.map(({ name, seconds = 0 }) => ({ name: `${suite}: ${name}`, seconds })),
    ),
  )
  return [...grouped(timed, ({ name }) => name)]
    .map(([name, runs]) => {
      const seconds = runs.map((run) => run.seconds).sort((left, right) => left - right)
      const [least, median, most] = [seconds[0], seconds[Math.floor(seconds.length / 2)], seconds.at(-1) ?? 0]
      return { name, least, median, most }
    })
    .sort((left, right) => right.most - left.most)
    .slice(0, count)
}

/** @param {(Report | undefined)[]} reports */
export const hasFailed = (reports) =>
  reports.some((report) => report === undefined || report.totals.failed > 0 || report.totals.passed === 0)
