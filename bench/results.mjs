// What a run of benchmarks leaves behind: one JSON file, from which docs/performance.md is made.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
export const resultsFolder = path.join(root, 'bench/results')

/**
 * @typedef {object} Result What became of one benchmark.
 * @property {import('./run-options.mjs').Plan} plan
 * @property {number} seconds
 * @property {{ what: string, why: string }[]} leftOut
 * @property {import('./tables.mjs').Table[]} tables
 */

/**
 * @typedef {object} Results
 * @property {string} date when it began
 * @property {string} commit `+` behind it where files differed from it
 * @property {boolean} whole every benchmark in its full size
 * @property {string} node
 * @property {{ cpu: string, cores: number, memoryGiB: number, system: string, loadBefore: number }} machine the load is
 *   the mean of the minute before: what others used of the machine
 * @property {Record<string, Result>} benchmarks
 */

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()

const commitOf = () => {
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `${git('rev-parse', '--short=9', 'HEAD')}${changed ? '+' : ''}`
  } catch {
    // A copy without its history.
    return 'unknown'
  }
}

/** @returns {Omit<Results, 'whole' | 'benchmarks'>} */
export const circumstances = () => ({
  date: new Date().toISOString(),
  commit: commitOf(),
  node: process.versions.node,
  machine: {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    loadBefore: Number(os.loadavg()[0].toFixed(2)),
  },
})

/** @param {Pick<Results, 'date' | 'commit'>} results */
export const resultsFile = ({ date, commit }) =>
  path.join(resultsFolder, `${date.slice(0, 10)}-${commit.replace('+', '-changed')}.json`)

/** @param {string} file @param {Results} results */
export const writeResults = (file, results) => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  // The figures of all rounds of a cell stand on one line.
  const text = JSON.stringify(results, undefined, 2).replaceAll(/\[\s+([-\d.,\s]+?)\s+\]/g, (_, numbers) => {
    return `[${numbers.replaceAll(/\s+/g, ' ')}]`
  })
  fs.writeFileSync(file, `${text}\n`)
}

/** @returns {Results[]} the runs that are kept, the oldest first */
const keptResults = (folder) => {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith('.json')) : []
  /** @type {Results[]} */
  const all = files.map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')))
  return all.sort((a, b) => a.date.localeCompare(b.date))
}

/** @returns {Record<string, Result & { run: Results }>} of each benchmark its last result, with the run that it is of */
export const lastResults = (folder = resultsFolder) =>
  Object.fromEntries(
    keptResults(folder).flatMap((run) =>
      Object.entries(run.benchmarks).map(([name, result]) => [name, { ...result, run }]),
    ),
  )
