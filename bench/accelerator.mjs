// What Chinese-CLIP's towers do on an accelerator: bench/accelerator.py, which also runs without one.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { jsonLines, python, pythonLacks } from './python.mjs'
import { inTurns } from './rounds.mjs'
import { LeftOut } from './run-options.mjs'
import { tableOf } from './tables.mjs'

const hasCuda = async () => {
  const script = 'import torch; print(torch.cuda.is_available())'
  return (await promisify(execFile)(python, ['-c', script])).stdout.trim() === 'True'
}

const nameOf = ({ size, batch, way }) => `${size}, batch ${batch}, ${way}`

/** @type {import('./run-options.mjs').Benchmark} */
export const accelerator = {
  about: "Chinese-CLIP's towers in PyTorch on an accelerator, beside its arithmetic limit",
  needs: 'an NVIDIA GPU, and a Python with PyTorch for CUDA',
  optional: true,
  plan: {
    rounds: 3,
    seconds: 0.5,
    device: 'cuda',
    sizes: ['rn50', 'vit-b-16', 'vit-l-14', 'vit-l-14-336', 'vit-h-14'],
    batches: [1, 16, 256],
  },
  smoke: { rounds: 1, seconds: 0.05, device: 'cpu', sizes: ['tiny'], batches: [1, 2] },
  measure: async (plan, run) => {
    const lacks = pythonLacks(['torch'])
    if (lacks !== undefined) throw new LeftOut(lacks)
    if (plan.device === 'cuda' && !(await hasCuda())) throw new LeftOut('PyTorch sees no CUDA device here')
    const args = ['--device', plan.device, '--seconds', String(plan.seconds)]
    const what = ['--sizes', plan.sizes.join(','), '--batches', plan.batches.join(',')]
    const once = () => jsonLines(python, [path.join(import.meta.dirname, 'accelerator.py'), ...args, ...what])
    const { all } = await inTurns({ all: once }, { rounds: plan.rounds, say: run.say })
    const [[{ device }]] = all
    const rowOf = (line) => {
      const of = (pick) =>
        all.map((lines) => lines.find((other) => nameOf(other) === nameOf(line) && other.kind === line.kind)[pick])
      return [nameOf(line), of('ms'), of('per_second'), of('of_limit')]
    }
    const tables = ['frames', 'texts'].map((kind) => {
      const lines = all[0].filter((line) => line.kind === kind)
      const columns = [
        ['a batch', 'ms'],
        ['', `${kind}/s`],
        ['of the limit', ''],
      ]
      return tableOf(
        kind,
        `${kind === 'frames' ? 'Frames' : 'Texts of 52 tokens'}, ${device}`,
        columns,
        lines.map(rowOf),
      )
    })
    const limit = tableOf(
      'limit',
      `A product of two large matrices, ${device}`,
      [['', 'TFLOP/s']],
      [['PyTorch', all.map(([{ limit_tflops }]) => limit_tflops)]],
    )
    return [limit, ...tables]
  },
}
