// npm run mutate [-- id | kind …] [--sample N] [--seed N] [--list]
// Changes one line at a time in a copy of the tree and runs the tests that must notice. Our own runner: Stryker's runs
// what it instruments in its own process, and these tests start servers, workers and children from compiled files.
import { parseArgs } from 'node:util'
import path from 'node:path'
import { bootstrap, main, root } from './bootstrap.mjs'

const help = `npm run mutate [-- id | kind …]   changes one line at a time and runs the tests that must notice
  --sample N   only N of them, the kinds in turns
  --seed N     which N (default: the day of the year)
  --list       prints the list and runs nothing
Mutations of training/ need REELTAG_TRAINING_PYTHON, a Python with training/requirements.txt.`

const options = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string' },
      seed: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })

const dayOfYear = () => {
  const now = new Date()
  return Math.floor((now.getTime() - Date.UTC(now.getUTCFullYear(), 0, 0)) / 86_400_000)
}

const chosen = async ({ values, positionals }) => {
  const { readMutations, problemsOf, sampleOf } = await import('./mutations/mutations.mjs')
  const all = readMutations(path.join(root, 'scripts/mutations'))
  const problems = problemsOf(all, root)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const unknown = positionals.filter((name) => !all.some(({ id, kind }) => id === name || kind === name))
  if (unknown.length > 0) throw new Error(`there is no mutation and no kind ${unknown.join(', ')}; --list shows them`)
  const wanted = all.filter(
    ({ id, kind }) => positionals.length === 0 || positionals.includes(id) || positionals.includes(kind),
  )
  if (values.sample === undefined) return wanted
  const { seededRandom } = await import('@reeltag/decisions')
  const seed = Number(values.seed ?? dayOfYear())
  console.log(`a sample of ${values.sample} with --seed ${seed}`)
  return sampleOf(
    wanted.filter(({ equivalent }) => equivalent === undefined),
    Number(values.sample),
    seededRandom(seed),
  )
}

/** Tests that fail without a mutant would "notice" any: each set of them is run once on the tree as it is. */
const passesUnchanged = (tree, runTests) => {
  const known = new Map()
  return async (tests) => {
    const key = tests.join(' ')
    if (!known.has(key)) known.set(key, await runTests(tree.root, tests))
    const { failed, output } = known.get(key)
    if (failed) throw new Error(`${key} fails without a mutation:\n${output.slice(-3000)}`)
  }
}

const runAll = async (mutations) => {
  const { apply, runTests } = await import('./mutations/mutant-tree.mjs')
  const { copyTree } = await import('./test/copied-tree.mjs')
  const tree = await copyTree(root)
  const check = passesUnchanged(tree, runTests)
  const survivors = []
  try {
    for (const [index, mutation] of mutations.entries()) {
      const started = Date.now()
      await check(mutation.killedBy)
      const restore = apply(tree.root, mutation)
      const { failed } = await runTests(tree.root, mutation.killedBy).finally(restore)
      const outcome = failed ? 'killed  ' : mutation.equivalent === undefined ? 'SURVIVED' : 'harmless'
      if (!failed) survivors.push(mutation)
      const seconds = ((Date.now() - started) / 1000).toFixed(0)
      console.log(`${outcome} ${mutation.id} (${index + 1} of ${mutations.length}, ${seconds} s)`)
    }
  } finally {
    tree.remove()
  }
  return survivors
}

await main(async () => {
  const asked = options()
  if (asked.values.help) return console.log(help)
  await bootstrap()
  const mutations = await chosen(asked)
  if (asked.values.list)
    return mutations.forEach(({ kind, id, file, killedBy }) =>
      console.log(`${kind}/${id}: ${file} ← ${killedBy.join(', ')}`),
    )
  const survivors = await runAll(mutations)
  for (const { id, file, replace, by, killedBy, equivalent } of survivors)
    console.log(
      `\n${id}: ${file}\n  - ${replace}\n  + ${by}\n  ${equivalent ?? `not noticed by ${killedBy.join(', ')}`}`,
    )
  const surprising = survivors.filter(({ equivalent }) => equivalent === undefined)
  console.log(`\n${mutations.length - survivors.length} of ${mutations.length} mutations killed`)
  if (surprising.length > 0 || mutations.length === 0) process.exitCode = 1
})
