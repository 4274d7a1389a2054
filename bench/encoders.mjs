// Encoders of true shape with random weights, on every core: ours through its queue, beside onnxruntime in Python,
// PyTorch and transformers.js. One process measures one thing, peers take turns; first the limit of the arithmetic.
// BENCH_PYTHON names a Python with training/requirements.txt; ENCODERS=rn50,vit-b-16 and SECONDS_EACH narrow it down.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { printTable, python } from './clips.mjs'

const here = import.meta.dirname
export const encodersFolder = path.join(here, '.cache/encoders')
const peer = path.join(here, '../training/peer')
const threads = String(os.availableParallelism())
const seconds = process.env.SECONDS_EACH ?? '3'
const sizes = (process.env.ENCODERS ?? 'rn50,vit-b-16').split(',')
const env = { ...process.env, PYTHONPATH: path.join(here, '../training/src') }

const run = async (command, args) => {
  const { stdout } = await promisify(execFile)(command, args, { env, maxBuffer: 2 ** 24 })
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}
const inPython = (...args) =>
  run(python, [path.join(here, 'encoder_peers.py'), '--threads', threads, '--seconds', seconds, ...args])
const measured = (name, size, role, precision) =>
  inPython('measure', encodersFolder, '--size', size, '--peer', name, '--role', role, '--precision', precision)
const own = (_, size, role, precision) =>
  run(process.execPath, [path.join(here, 'encoders-own.mjs'), encodersFolder, size, role, precision, threads, seconds])
const inTransformers = (_, size) =>
  run(process.execPath, [path.join(peer, 'measure.mjs'), path.join(encodersFolder, `${size}-hub`), threads, seconds])

/** What is measured of a role: a name, a precision, and how. */
const contenders = {
  vision: [
    ['Reeltag', 'int8', own],
    ['onnxruntime', 'int8', measured],
    ['Reeltag', 'fp32', own],
    ['onnxruntime', 'fp32', measured],
    ['pytorch', 'fp32', measured],
    ['transformers.js', 'fp32', inTransformers],
  ],
  text: [
    ['Reeltag', 'int8', own],
    ['onnxruntime', 'int8', measured],
    ['Reeltag', 'fp32', own],
    ['onnxruntime', 'fp32', measured],
    ['pytorch', 'fp32', measured],
  ],
}

export const prepareEncoder = async (size) => {
  if (fs.existsSync(path.join(encodersFolder, `${size}-hub/onnx/model.onnx`))) return
  console.log(`making ${size} …`)
  await inPython('make', encodersFolder, '--size', size)
}

const installPeer = async () => {
  if (fs.existsSync(path.join(peer, 'node_modules'))) return
  await promisify(execFile)('npm', ['ci', '--no-workspaces', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peer,
  })
}

const best = (lines) => Math.max(...lines.map(({ perSecond }) => perSecond))

const compare = async (size, role) => {
  const found = []
  for (const [name, precision, measure] of contenders[role])
    found.push({ name, precision, lines: await measure(name, size, role, precision) })
  const batches = found[0].lines.map(({ batch }) => batch)
  printTable(
    `${size}, ${role}: ${role === 'vision' ? 'frames' : 'texts of 20 tokens'} a second, ${threads} threads`,
    ['', '', ...batches.map((batch) => `batch ${batch}`), 'best', 'CPU ms each', 'RSS, MiB'],
    found.map(({ name, precision, lines }) => [
      ...[name, precision],
      ...lines.map(({ perSecond }) => perSecond.toFixed(1)),
      ...[best(lines).toFixed(1), Math.min(...lines.map(({ cpuMsPerItem }) => cpuMsPerItem)).toFixed(1)],
      Math.max(...lines.map(({ rssMiB }) => rssMiB)),
    ]),
  )
  const rate = (name, precision) => best(found.find((row) => row.name === name && row.precision === precision).lines)
  printTable(
    `${size}, ${role}: Reeltag's best INT8 figure beside the best of others`,
    ['onnxruntime int8', 'PyTorch fp32', ...(role === 'vision' ? ['transformers.js fp32'] : [])],
    [
      [
        rate('Reeltag', 'int8') / rate('onnxruntime', 'int8'),
        rate('Reeltag', 'int8') / rate('pytorch', 'fp32'),
        ...(role === 'vision' ? [rate('Reeltag', 'int8') / rate('transformers.js', 'fp32')] : []),
      ].map((ratio) => ratio.toFixed(2)),
    ],
  )
}

export const benchEncoders = async () => {
  await installPeer()
  for (const size of sizes) await prepareEncoder(size)
  const limits = await inPython('limit')
  printTable(
    'What the cores can do: products of 2048², giga multiply-adds a second',
    limits.map(({ precision }) => precision),
    [limits.map(({ gigaMacsPerSecond }) => gigaMacsPerSecond)],
  )
  for (const size of sizes) for (const role of Object.keys(contenders)) await compare(size, role)
}
