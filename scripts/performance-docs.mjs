// npm run docs:performance [-- check]
// The figures in docs/performance.md come from the last whole run that bench/results keeps; the words around them are
// written by hand. A figure in the README names the benchmark that it comes from.
import fs from 'node:fs'
import path from 'node:path'
import { lastResults } from '../bench/results.mjs'
import { markdownOf } from '../bench/tables.mjs'

const root = path.resolve(import.meta.dirname, '..')
const page = 'docs/performance.md'
const remedy = 'npm run docs:performance'
const block = /<!-- figures: ([a-z0-9/-]+) -->\n([\s\S]*?)<!-- end of figures -->/g

/** @typedef {import('../bench/results.mjs').Results} Results */

/** @param {Results} results */
const circumstances = ({ date, commit, whole, node, machine, benchmarks }) => {
  const { cpu, cores, memoryGiB, system, loadBefore } = machine
  const size = whole ? 'A whole run' : '**A small run, until a whole one is kept**'
  const seconds = Object.values(benchmarks).reduce((sum, result) => sum + result.seconds, 0)
  return `${size}: ${date.slice(0, 10)}, commit ${commit}, ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node}.
It took ${Math.ceil(seconds / 60)} minutes; the load of the machine in the minute before it, by others, was ${loadBefore}.`
}

/** @param {Results} results @param {string} what `<benchmark>` or `<benchmark>/<table>` */
const figures = (results, what) => {
  const [name, id] = what.split('/')
  const result = results.benchmarks[name]
  if (result === undefined) return `The run did not measure \`${name}\`.`
  const tables = result.tables.filter((table) => id === undefined || table.id === id)
  const plan = Object.entries(result.plan).map(([key, value]) => `${key} ${[value].flat().join(', ')}`)
  return [
    ...tables.map((table) => `${table.title}:\n\n${markdownOf(table)}`),
    ...(id === undefined ? [`Plan: ${plan.join('; ')}.`] : []),
    ...(id === undefined ? result.leftOut.map(({ what: left, why }) => `Left out: ${left} (${reasonOf(why)}).`) : []),
  ].join('\n\n')
}

/** Without folders of the machine, and without the remedy. @param {string} why */
const reasonOf = (why) => why.split('; ')[0].replace(/:( \/.*)?$/, '')

/** @param {string} text @param {Results | undefined} results */
export const withFigures = (text, results) =>
  text.replaceAll(block, (_, what) => {
    const made = () => (what === 'run' ? circumstances(results) : figures(results, what))
    const body = results === undefined ? 'No run is kept.' : made()
    return `<!-- figures: ${what} -->\n${body}\n<!-- end of figures -->`
  })

/** @param {string} text @param {readonly string[]} names @returns benchmarks that have no place in the page */
export const placeless = (text, names) => {
  const places = new Set([...text.matchAll(block)].map(([, what]) => what.split('/')[0]))
  return names.filter((name) => !places.has(name))
}

const measured =
  /\d[\d.,]*\s*(?:ms\b|seconds? a\b|(?:videos|frames|texts|contents|events)(?:\/s| a second)|times as fast|MiB\b)/

/** @param {string} text @param {readonly string[]} names @returns paragraphs and rows with a figure of no benchmark */
export const nameless = (text, names) =>
  text
    .replaceAll(/```[\s\S]*?```/g, '')
    .split(/\n\s*\n|\n(?=[-|])/)
    .filter((part) => measured.test(part) && !names.some((name) => part.includes(`npm run bench -- ${name}`)))

const benchmarkNames = () => {
  // Read, not imported: a benchmark needs the code built, and this does not.
  const text = fs.readFileSync(path.join(root, 'bench/benchmarks.mjs'), 'utf8')
  const [, list = ''] = /benchmarks = \{([^}]+)\}/.exec(text) ?? []
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

if (process.argv[1] === import.meta.filename) {
  const file = path.join(root, page)
  const text = fs.readFileSync(file, 'utf8')
  const made = withFigures(text, lastResults())
  const names = benchmarkNames()
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8')
  const problems = [
    ...placeless(text, names).map((name) => `${page} has no place for the figures of ${name}`),
    ...nameless(readme, names).map(
      (part) => `README.md: "${part.trim()}" names no benchmark (npm run bench -- <name>)`,
    ),
  ]
  if (made !== text && process.argv[2] === 'check')
    problems.push(`${page} is not what the last run says; remedy: ${remedy}`)
  else if (made !== text) fs.writeFileSync(file, made)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${page}: ${made === text ? 'is what the last run says' : 'is written'}`)
}
