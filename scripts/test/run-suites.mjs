import { jestSuite } from './jest-suite.mjs'
import { nodeTests } from './node-suite.mjs'
import { closingLine, judged, totalsOf } from './outcomes.mjs'
import { installServers } from './servers.mjs'
import { staticSuite } from './static-suite.mjs'
import { lanesOf, served } from './suites.mjs'
import { trainingSuite } from './training-suite.mjs'

/** @typedef {(say: (line: string) => void) => Promise<import('./outcomes.mjs').Test[]>} Suite */

/** @type {Record<string, Suite>} */
const suites = {
  static: staticSuite,
  small: (say) => jestSuite('small', say),
  golden: (say) => jestSuite('golden', say),
  'training-quick': (say) => trainingSuite(true, say),
  training: (say) => trainingSuite(false, say),
  recipes: (say) => nodeTests('scripts/recipes/tests', say),
  deploy: (say) => nodeTests('scripts/deploy/tests', say),
  servers: installServers,
  medium: (say) => jestSuite('medium', say),
  e2e: (say) => jestSuite('e2e', say),
  'faults-quick': (say) => jestSuite('faults-quick', say),
  faults: (say) => jestSuite('faults', say),
}

/** @param {string} suite @param {boolean} requireAll @returns {Promise<import('./outcomes.mjs').SuiteRun>} */
const runSuite = async (suite, requireAll) => {
  // Two suites print at once: each line says whose it is.
  const say = (/** @type {string} */ text) => console.log(text.replace(/^/gm, `${suite} │ `))
  const started = performance.now()
  const tests = await suites[suite](say).catch((error) => [
    { name: 'it can run', outcome: /** @type {const} */ ('failed'), detail: error.message },
  ])
  const seconds = (performance.now() - started) / 1000
  const outcomes = tests.map((test) => judged(test, requireAll))
  say(`${closingLine(totalsOf(outcomes))} in ${seconds.toFixed(0)} s`)
  return { suite, seconds, tests: outcomes }
}

/**
 * @param {string[]} wanted names of suites @param {boolean} requireAll a skip is a failure
 * @returns {Promise<import('./outcomes.mjs').SuiteRun[]>}
 */
export const runSuites = async (wanted, requireAll) => {
  const fetched = wanted.some((name) => served.has(name)) ? [runSuite('servers', requireAll)] : []
  const lanes = lanesOf(wanted).map(async (lane) => {
    const runs = []
    for (const suite of lane) {
      if (served.has(suite)) await fetched[0]
      runs.push(await runSuite(suite, requireAll))
    }
    return runs
  })
  return [...(await Promise.all(fetched)), ...(await Promise.all(lanes)).flat()]
}
