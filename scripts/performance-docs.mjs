// npm run docs:performance [-- check]
// The figures in docs/performance.md come from the last run of each benchmark that bench/results keeps; the words around
// them are written by hand. A figure in the README names the benchmark that it comes from.
import fs from 'node:fs'
import path from 'node:path'
import { lastResults } from '../bench/results.mjs'
import { markdownOf } from '../bench/tables.mjs'

const root = path.resolve(import.meta.dirname, '..')
const page = 'docs/performance.md'
const remedy = 'npm run docs:performance'
const block = /<!-- figures: ([a-z0-9/-]+) -->\n([\s\S]*?)<!-- end of figures -->/g

/** @typedef {ReturnType<import('../bench/results.mjs').lastResults>} LastResults */

/** A line for each run. @param {LastResults} results */
const circumstances = (results) => {
  const runs = [...new Set(Object.values(results).map(({ run }) => run))].sort((a, b) => a.date.localeCompare(b.date))
  const lines = runs.map(({ date, commit, whole, node, machine }) => {
    const { cpu, cores, memoryGiB, system, loadBefore } = machine
    const own = Object.entries(results).filter(([, { run }]) => run.date === date)
    const what = whole && runs.length === 1 ? 'Everything' : own.map(([name]) => `\`${name}\``).join(', ')
    const minutes = Math.ceil(own.reduce((sum, [, { seconds }]) => sum + seconds, 0) / 60)
    return `- ${what}: ${date.slice(0, 10)}, commit ${commit}, ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node}; ${minutes} minutes.
  The load of the machine in the minute before, by others, was ${loadBefore}.`
  })
  return lines.join('\n')
}

/** @param {LastResults} results @param {string} what `<benchmark>` or `<benchmark>/<table>` */
const figures = (results, what) => {
  const [name, id] = what.split('/')
  const result = results[name]
  if (result === undefined) return `No run that is kept measured \`${name}\`.`
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

/** @param {string} text @param {LastResults} results */
export const withFigures = (text, results) =>
  text.replaceAll(block, (_, what) => {
    const isNone = Object.keys(results).length === 0
    const made = () => (what === 'run' ? circumstances(results) : figures(results, what))
    return `<!-- figures: ${what} -->\n${isNone ? 'No run is kept.' : made()}\n<!-- end of figures -->`
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
    problems.push(`${page} is not what the last runs say; remedy: ${remedy}`)
  else if (made !== text) fs.writeFileSync(file, made)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${page}: ${made === text ? 'is what the last runs say' : 'is written'}`)
}
