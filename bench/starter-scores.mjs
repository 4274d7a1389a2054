// What the starter pack's confidence is worth on clips that it has not learnt from: calibration error before and after,
// how much could be published at an error, and what weights by class do for the rare ones. bench/starter_scores.py draws
// and scores the clips.
import {
  coverageAt,
  compileTree,
  facetScores,
  fitCalibration,
  reportClassScale,
  reportOn,
  riskCoverage,
  searchClassScale,
  seededRandom,
} from '@reeltag/decisions'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { env, python, pythonLacks } from './python.mjs'
import { tableOf } from './tables.mjs'

const icons = path.resolve(import.meta.dirname, '../training/node_modules/@iconify-json/twemoji')
const errors = [0.01, 0.02, 0.05, 0.1]

const scoresOf = ({ clips }, run) => {
  const folder = path.join(import.meta.dirname, `.cache/starter-${clips}`)
  const file = path.join(folder, 'scores.json')
  if (!fs.existsSync(file)) {
    const what = 'the starter pack on clips that it has not learnt from'
    if (!fs.existsSync(icons))
      return run.leaveOut(what, 'training/node_modules is missing; remedy: npm ci --prefix training')
    const lacks = pythonLacks(['numpy', 'onnxruntime', 'tokenizers', 'cv2', 'yaml'])
    if (lacks !== undefined) return run.leaveOut(what, lacks)
    run.say(`scores of ${clips} clips, which takes minutes`)
    const script = path.join(import.meta.dirname, 'starter_scores.py')
    execFileSync(python, [script, folder, '--clips', String(clips)], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return { folder, ...JSON.parse(fs.readFileSync(file, 'utf8')) }
}

/** Of one mask the contents, with their logits and their truth. */
const rowsOf = ({ folder, leaves, truth }, mask) => {
  const { buffer, byteOffset, byteLength } = fs.readFileSync(path.join(folder, `${mask}.f32`))
  const logits = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength))
  return truth[mask].map((leaf, row) => ({
    contentHash: String(row),
    mask,
    logits: logits.subarray(row * leaves.length, (row + 1) * leaves.length),
    nodes: [leaves[leaf]],
    truth: leaf,
  }))
}

/** One half to fit on and one to measure on; another draw for each seed. */
const halvesOf = (rows, seed) => {
  const random = seededRandom(seed)
  const drawn = rows.map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at)
  const half = Math.floor(rows.length / 2)
  return [drawn.slice(0, half), drawn.slice(half)].map((part) => part.map(({ row }) => row))
}

const curveOf = (tree, rows, mask, scoring) => {
  const likeliest = rows.map(({ logits, truth }) => {
    const { probabilities } = facetScores(tree, logits, mask, scoring)
    const best = probabilities.indexOf(Math.max(...probabilities))
    return { confidence: probabilities[best], isWrong: Number(best !== truth) }
  })
  return riskCoverage(
    likeliest.map(({ confidence }) => confidence),
    likeliest.map(({ isWrong }) => isWrong),
  )
}

const measured = (scores, rows, mask, seed) => {
  // Leaves alone: what is measured here is whether the right leaf is named, and how surely.
  const tree = compileTree({ kind: 'single', roots: scores.leaves.map((id) => ({ id, children: [] })) }, scores.leaves)
  const [fit, test] = halvesOf(rows, seed)
  const calibration = fitCalibration(tree, fit, [mask])
  const { before, after } = reportOn(tree, calibration, test)[mask]
  /** @type {import('@reeltag/decisions').Calibration} */
  const own = {
    kind: 'single',
    masks: { [mask]: { rows: 0, temperature: { kind: 'temperature', t: scores.temperature[mask] }, nodes: {} } },
  }
  const packs = reportOn(tree, own, test)[mask].after
  const [plain, calibrated] = [{ temperature: {} }, { temperature: {}, calibration }].map((scoring) =>
    curveOf(tree, test, mask, scoring),
  )
  const { logWeights } = searchClassScale(fit, scores.leaves.length, { seed })
  const scale = reportClassScale(test, logWeights)
  return {
    ece: [before.topEce, packs.topEce, after.topEce],
    classwise: [before.classwiseEce, packs.classwiseEce, after.classwiseEce],
    coverage: [plain, calibrated].map((curve) => errors.map((error) => coverageAt(curve, error))),
    f1: [scale.before, scale.after],
  }
}

/** @param {any} plan @param {import('./run-options.mjs').Run} run @returns tables; none where the clips cannot be drawn */
export const starterTables = (plan, run) => {
  const scores = scoresOf(plan, run)
  if (scores === undefined) return []
  const figures = Object.keys(scores.truth).map((mask) => {
    const rows = rowsOf(scores, mask)
    run.say(`starter pack, ${mask}: ${plan.halvings} halvings of ${rows.length} clips`)
    const draws = Array.from({ length: plan.halvings }, (_, split) => measured(scores, rows, mask, split + 1))
    return { mask, of: (read) => draws.map((draw) => 100 * read(draw)) }
  })
  const title = `Starter pack on ${plan.clips} clips of an art family that it has not learnt from`
  return [
    tableOf(
      'starter-calibration',
      `${title}: calibration error of the likeliest leaf, and mean of the errors of the classes`,
      ['head', "pack's temperature", 'fitted', 'classes: head', "classes: pack's", 'classes: fitted'].map((name) => [
        name,
        '%',
      ]),
      figures.map(({ mask, of }) => [
        mask,
        ...[0, 1, 2].map((i) => of(({ ece }) => ece[i])),
        ...[0, 1, 2].map((i) => of(({ classwise }) => classwise[i])),
      ]),
    ),
    tableOf(
      'starter-coverage',
      `${title}: published at an error, and macro-F1 without and with weights by class`,
      [...errors.map((error) => [`at ${error * 100} %`, '%']), ['macro-F1', '%'], ['with weights', '%']],
      figures.flatMap(({ mask, of }) =>
        ['head', 'fitted'].map((name, which) => [
          `${mask}, ${name}`,
          ...errors.map((_, i) => of(({ coverage }) => coverage[which][i])),
          // The weights change which leaf is named, whatever its confidence.
          ...[0, 1].map((i) => (which === 0 ? of(({ f1 }) => f1[i]) : undefined)),
        ]),
      ),
    ),
  ]
}
