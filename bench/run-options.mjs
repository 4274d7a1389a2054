// What a benchmark is given: its plan, and where it says what it does and what it leaves out.

/** Nothing of a benchmark can be measured on this machine. The message says why and what to do. */
export class LeftOut extends Error {}

/**
 * @typedef {object} Run
 * @property {boolean} smoke seconds instead of minutes; a figure then proves that the benchmark works, and nothing else
 * @property {(line: string) => void} say
 * @property {(what: string, why: string) => void} leaveOut a peer, or a way, that this machine cannot measure
 */

/**
 * @typedef {object} Benchmark
 * @property {string} about one line
 * @property {string} needs what a whole run needs besides Node
 * @property {boolean} [optional] a run is whole without it
 * @property {Plan} plan of a whole run
 * @property {Plan} smoke of a smoke run: the same names
 * @property {(plan: any, run: Run) => Promise<import('./tables.mjs').Table[]>} measure
 */

/** @typedef {Record<string, number | string | readonly number[] | readonly string[]>} Plan */

/** @param {Plan[string]} before @param {string} text @returns {Plan[string]} of the same kind */
const likewise = (before, text) => {
  if (typeof before === 'string') return text
  const parts = text.split(',')
  if (Array.isArray(before) && typeof before[0] === 'string') return parts
  const numbers = parts.map(Number)
  if (numbers.some((number) => !Number.isFinite(number))) throw new Error(`${text} is not a number`)
  return Array.isArray(before) ? numbers : numbers[0]
}

/** @param {readonly string[]} settings `name=value`, or `benchmark.name=value` where several have one of that name */
const readSettings = (settings) =>
  settings.map((setting) => {
    const [, of, name, value] = /^(?:([a-z]+)\.)?([A-Za-z]+)=(.+)$/.exec(setting) ?? []
    if (name === undefined) throw new Error(`--set takes name=value or benchmark.name=value, not ${setting}`)
    return { setting, of, name, value }
  })

/** @param {string} benchmark @param {Plan} plan @param {readonly string[]} settings those of other benchmarks are passed over */
export const planWith = (benchmark, plan, settings) => {
  const own = readSettings(settings).filter(({ of, name }) => name in plan && (of ?? benchmark) === benchmark)
  return { ...plan, ...Object.fromEntries(own.map(({ name, value }) => [name, likewise(plan[name], value)])) }
}

/** @param {Record<string, Plan>} plans @param {readonly string[]} settings @returns those that change none of the plans */
export const idleSettings = (plans, settings) =>
  readSettings(settings)
    .filter(({ of, name }) => !Object.entries(plans).some(([key, plan]) => name in plan && (of ?? key) === key))
    .map(({ setting }) => setting)
