/**
 * What there is to run, and what runs beside what.
 * Two lanes for two cores: the first computes, the second waits for servers more than it computes.
 */
export const lanes = [
  ['static', 'small', 'golden', 'recipes', 'training-quick', 'training', 'deploy', 'e2e'],
  ['medium', 'faults-quick', 'faults'],
]

/** A suite of this name is a part of that one. */
const halfOf = { 'training-quick': 'training', 'faults-quick': 'faults' }

/** Suites that start servers which npm cannot give, and so begin when those are fetched. */
export const served = new Set(['medium', 'e2e', 'faults-quick', 'faults'])

export const suiteNames = lanes.flat()

const whole = suiteNames.filter((name) => !(name in halfOf))

/** What somebody who has just cloned needs: at most ten minutes on two cores. */
const newcomers = ['static', 'small', 'medium', 'golden', 'e2e', 'faults-quick', 'training-quick']

/** @param {string[]} words of the command line: suites, `all`, or nothing */
export const wantedSuites = (words) => {
  const unknown = words.filter((name) => name !== 'all' && !suiteNames.includes(name))
  if (unknown.length > 0)
    throw new Error(`there is no suite ${unknown.join(', ')}; there are all, ${suiteNames.join(', ')}`)
  const named = words.length === 0 ? newcomers : words.flatMap((word) => (word === 'all' ? whole : [word]))
  // The half of a suite that runs as a whole would run twice.
  return [...new Set(named)].filter((name) => !named.includes(halfOf[/** @type {keyof halfOf} */ (name)]))
}

/** @param {string[]} wanted @returns the lanes that have something to do */
export const lanesOf = (wanted) =>
  lanes.map((lane) => lane.filter((name) => wanted.includes(name))).filter((lane) => lane.length > 0)
