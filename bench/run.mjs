// npm run bench -- <name …|all> [--smoke] [--json] [--out FILE] [--set name=value]
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bootstrap, Failure, main } from '../scripts/bootstrap.mjs'
import { circumstances, resultsFile, writeResults } from './results.mjs'
import { idleSettings, LeftOut, planWith } from './run-options.mjs'
import { faultsOf, markdownOf } from './tables.mjs'

const usage = `usage: npm run bench -- <name …|all> [options]

  --smoke           each in seconds: shows that it runs, its figures say nothing; peers that are not there are left out
  --json            keep the figures in bench/results/<date>-<commit>.json; docs/performance.md is made from the last
                    whole run (all, not --smoke, no --set)
  --out FILE        keep them in this file
  --set NAME=VALUE  change the plan, such as --set rounds=5 or --set scale.sizes=1000,100000;
                    again for more
  --help

BENCH_PYTHON names the Python of the peers; otherwise REELTAG_TRAINING_PYTHON, or bench/.venv/bin/python.
`

const options = /** @type {const} */ ({
  smoke: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
  set: { type: 'string', multiple: true, default: /** @type {string[]} */ ([]) },
  help: { type: 'boolean', short: 'h', default: false },
})

const listed = (benchmarks) =>
  Object.entries(benchmarks)
    .map(([name, { about, needs }]) => `  ${name.padEnd(12)} ${about}\n${' '.repeat(15)}a whole run needs ${needs}`)
    .join('\n')

const readArguments = () => {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new Failure(error.message, 'npm run bench -- --help')
  }
}

/** @param {readonly string[]} names */
const wantedOf = (names, benchmarks) => {
  const unknown = names.filter((name) => name !== 'all' && !(name in benchmarks))
  const known = Object.keys(benchmarks).join(', ')
  if (unknown.length > 0) throw new Failure(`there is no benchmark ${unknown.join(', ')}`, `there are ${known}, all`)
  return names.includes('all') ? Object.keys(benchmarks) : [...new Set(names)]
}

/** @returns {Promise<import('./results.mjs').Result>} */
const measured = async (name, benchmark, { smoke, set }) => {
  /** @type {{ what: string, why: string }[]} */
  const leftOut = []
  const leaveOut = (what, why) => {
    if (leftOut.some((other) => other.what === what)) return
    leftOut.push({ what, why })
    console.log(`  left out: ${what}: ${why}`)
  }
  const plan = planWith(name, smoke ? benchmark.smoke : benchmark.plan, set)
  const started = performance.now()
  const tables = await benchmark
    .measure(plan, { smoke, say: (line) => console.log(`• ${line}`), leaveOut })
    .catch((error) => {
      // Where everything must run, a benchmark that could not is a failure; its peers are optional.
      const required = smoke && process.env.REELTAG_REQUIRE_ALL === '1'
      if (required || !(error instanceof LeftOut)) throw error
      leaveOut('all of it', error.message)
      return undefined
    })
  const faults = tables?.flatMap(faultsOf) ?? []
  if (tables?.length === 0 || faults.length > 0) throw new Error(`there is no figure: ${faults.join('; ')}`)
  return { plan, seconds: Math.round((performance.now() - started) / 1_000), leftOut, tables: tables ?? [] }
}

/** @param {(results: Record<string, import('./results.mjs').Result>) => void} keep called after each, for a run may take an hour */
const runAll = async (names, benchmarks, values, keep) => {
  /** @type {Record<string, import('./results.mjs').Result>} */
  const results = {}
  const failed = []
  for (const name of names) {
    console.log(`\n## ${name}: ${benchmarks[name].about}`)
    try {
      results[name] = await measured(name, benchmarks[name], values)
      for (const table of results[name].tables) console.log(`\n${table.title}\n\n${markdownOf(table)}`)
      keep(results)
    } catch (error) {
      failed.push(name)
      console.error(`FAIL ${name}: ${error.stack}`)
    }
  }
  return { results, failed }
}

/** Every benchmark in its full size; one that needs a GPU may be missing where there is none. */
const isWhole = (benchmarks, results, { smoke, set }) =>
  !smoke &&
  set.length === 0 &&
  Object.keys(benchmarks).every((name) => results[name]?.tables.length > 0 || benchmarks[name].optional)

const summarise = (names, results) => {
  console.log('')
  for (const name of names) {
    const { seconds, tables, leftOut } = results[name] ?? {}
    if (tables === undefined) console.log(`FAIL ${name}`)
    else if (tables.length === 0) console.log(`skip ${name}: ${leftOut[0].why}`)
    else console.log(`ok   ${name}, ${seconds} s${leftOut.map(({ what }) => `, without ${what}`).join('')}`)
  }
}

await main(async () => {
  const { values, positionals } = readArguments()
  await bootstrap(process.stderr)
  const { benchmarks } = await import('./benchmarks.mjs')
  if (values.help || positionals.length === 0) {
    console.log(`${usage}\n${listed(benchmarks)}\n`)
    if (!values.help) process.exitCode = 1
    return
  }
  const names = wantedOf(positionals, benchmarks)
  const plans = Object.fromEntries(names.map((name) => [name, benchmarks[name].plan]))
  const idle = idleSettings(plans, values.set)
  if (idle.length > 0) throw new Failure(`no plan has ${idle.join(', ')}`, `there are ${JSON.stringify(plans)}`)
  const given = circumstances()
  const { machine } = given
  console.log(`${given.date}, commit ${given.commit}, ${machine.cores} × ${machine.cpu}, Node ${given.node}`)
  const file = values.out === undefined ? resultsFile(given) : path.resolve(String(values.out))
  const keeps = values.json || values.out !== undefined
  const { results, failed } = await runAll(names, benchmarks, values, (soFar) => {
    if (keeps) writeResults(file, { ...given, whole: isWhole(benchmarks, soFar, values), benchmarks: soFar })
  })
  if (keeps) console.log(`\nkept in ${file}`)
  summarise(names, results)
  if (failed.length > 0) throw new Failure(`without a figure: ${failed.join(', ')}`, 'read the errors above')
})
process.exit()
