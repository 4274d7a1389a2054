// Encoders of true shape with random weights, on every core: ours through its queue, beside onnxruntime in Python,
// PyTorch and transformers.js. One process measures one thing, peers take turns; first the limit of the arithmetic.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { encoderModels, encoderPeers, encodersFolder } from './encoder-models.mjs'
import { jsonLines } from './python.mjs'
import { inTurns, ratios } from './rounds.mjs'
import { tableOf } from './tables.mjs'

const here = import.meta.dirname
const peer = path.join(here, '../training/peer')
const threads = String(os.availableParallelism())

/** @returns why transformers.js cannot be measured, where it cannot */
const installPeer = async () => {
  if (fs.existsSync(path.join(peer, 'node_modules'))) return undefined
  const args = ['ci', '--no-workspaces', '--ignore-scripts', '--no-audit', '--no-fund']
  return promisify(execFile)('npm', args, { cwd: peer }).then(
    () => undefined,
    (error) => `npm ci in training/peer failed: ${error.message.split('\n')[0]}`,
  )
}

const lineOptions = ({ seconds, batches }) => [
  '--threads',
  threads,
  '--seconds',
  String(seconds),
  '--batches',
  batches.join(','),
]

const own = (models, plan, role, precision) => () => {
  const { modelsDir, taxonomiesDir } = models.folders
  const what = ['--ref', models.refOf(role, precision), '--role', role, '--precision', precision]
  const where = ['--models', modelsDir, '--taxonomies', taxonomiesDir]
  return jsonLines(process.execPath, [path.join(here, 'encoders-own.mjs'), ...where, ...what, ...lineOptions(plan)])
}
const inPython = (name, plan, size, role, precision) => () =>
  encoderPeers(
    ...lineOptions(plan),
    ...['measure', encodersFolder, '--size', size, '--peer', name, '--role', role, '--precision', precision],
  )
const inTransformers =
  ({ seconds, batches }, size) =>
  () =>
    jsonLines(process.execPath, [
      ...[path.join(peer, 'measure.mjs'), path.join(encodersFolder, `${size}-hub`)],
      ...[threads, String(seconds), batches.join(',')],
    ])

const contendersOf = ({ models, plan, size, role, transformers }) => {
  const mine = models.precisions.map((precision) => [`Reeltag ${precision}`, own(models, plan, role, precision)])
  if (models.lacks !== undefined) return Object.fromEntries(mine)
  const ask = (name, precision) => [`${name} ${precision}`, inPython(name, plan, size, role, precision)]
  return Object.fromEntries([
    ...mine,
    ...[ask('onnxruntime', 'int8'), ask('onnxruntime', 'fp32'), ask('pytorch', 'fp32')],
    // Its Chinese-CLIP is one graph of both towers; as a text encoder it would be measured with a picture.
    ...(transformers && role === 'vision' ? [['transformers.js fp32', inTransformers(plan, size)]] : []),
  ])
}

const best = (lines) => Math.max(...lines.map(({ perSecond }) => perSecond))

const tableFor = (figures, { size, role, plan }) => {
  const what = role === 'vision' ? 'frames' : 'texts'
  const [first] = Object.values(figures)
  const rows = Object.entries(figures).map(([name, rounds]) => [
    name,
    ...plan.batches.map((batch) => rounds.map((lines) => lines.find((line) => line.batch === batch).perSecond)),
    rounds.map(best),
    rounds.map((lines) => Math.min(...lines.map(({ cpuMsPerItem }) => cpuMsPerItem))),
    rounds.map((lines) => Math.max(...lines.map(({ rssMiB }) => rssMiB))),
    rounds === first ? undefined : ratios(first.map(best), rounds.map(best)),
  ])
  const columns = [
    ...plan.batches.map((batch) => [`batch ${batch}`, `${what}/s`]),
    ...[
      ['best', `${what}/s`],
      ['processor time each', 'ms'],
      ['resident', 'MiB'],
      [`${Object.keys(figures)[0]} is … of it`, ''],
    ],
  ]
  return tableOf(`${size}-${role}`, `${size}, ${role}: ${what} a second, ${threads} threads`, columns, rows)
}

const limits = async ({ rounds, seconds }) => {
  const figures = await inTurns(
    { limit: () => encoderPeers('--threads', threads, '--seconds', String(seconds), 'limit') },
    { rounds },
  )
  const [first] = figures.limit
  const rate = (index) => figures.limit.map((lines) => lines[index].gigaMacsPerSecond)
  const columns = first.map(({ precision }) => [precision, 'giga multiply-adds/s'])
  return tableOf('limit', 'What the cores can do: products of 2048²', columns, [
    ['ONNX Runtime', ...first.map((_, index) => rate(index))],
  ])
}

/** @type {import('./run-options.mjs').Benchmark} */
export const encoders = {
  about: 'encoders of true shape, beside onnxruntime, PyTorch and transformers.js',
  needs: 'a Python with training/requirements.txt, and the npm registry for transformers.js',
  plan: { rounds: 3, sizes: ['rn50', 'vit-b-16'], batches: [1, 4, 8, 16], seconds: 2 },
  smoke: { rounds: 1, sizes: ['tiny'], batches: [1, 2], seconds: 0.1 },
  measure: async (plan, run) => {
    const tables = []
    const absent = await installPeer()
    if (absent !== undefined) run.leaveOut('transformers.js', absent)
    for (const size of plan.sizes) {
      const models = await encoderModels(size, run)
      if (tables.length === 0 && models.lacks === undefined) tables.push(await limits(plan))
      for (const role of ['vision', 'text']) {
        const contenders = contendersOf({ models, plan, size, role, transformers: absent === undefined })
        const say = (line) => run.say(`${size}, ${role}, ${line}`)
        tables.push(tableFor(await inTurns(contenders, { rounds: plan.rounds, say }), { size, role, plan }))
      }
    }
    return tables
  },
}
