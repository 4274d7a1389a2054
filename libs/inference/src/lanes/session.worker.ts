import type * as Ort from 'onnxruntime-node'
import { parentPort, workerData } from 'node:worker_threads'
import type { SessionOptions, SessionReply, SessionRequest } from './session-messages.js'
import { cut, join, type TensorData, type Tensors } from '../tensors/tensor.js'

// On Node 24 onnxruntime-node mistakes its own float16 buffers for Float16Array and refuses them.
delete (globalThis as { Float16Array?: unknown }).Float16Array
const ort = await import('onnxruntime-node')

const port = parentPort
if (port === null) throw new Error('session.worker runs as a worker thread')
const { graphFile, threads, device, rowsPerRun = Number.POSITIVE_INFINITY } = workerData as SessionOptions

const reply = (message: SessionReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

const session = await ort.InferenceSession.create(graphFile, {
  executionProviders: [device],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // A thread may spin between two operators. If it spun for longer, it would take its core from a decoder
  // (docs/performance.md).
  extra: { session: { intra_op: { spin_duration_us: '20' } } },
}).catch((error: unknown) => {
  reply({ kind: 'refused', detail: error instanceof Error ? error.message : String(error) })
  return undefined
})

const describe = (metadata: readonly Ort.InferenceSession.ValueMetadata[]) =>
  metadata.map((value) => ({
    name: value.name,
    dtype: value.isTensor ? value.type : 'other',
    shape: value.isTensor ? [...value.shape] : [],
  }))

const runPiece = async (open: Ort.InferenceSession, feeds: Tensors): Promise<Tensors> => {
  const inputs = Object.entries(feeds).map(([name, { data, dims }]) => [
    name,
    new ort.Tensor(data as Float32Array, [...dims]),
  ])
  const results = await open.run(Object.fromEntries(inputs) as Ort.InferenceSession.OnnxValueMapType)
  const outputs: Record<string, { data: TensorData; dims: readonly number[] }> = {}
  for (const [name, value] of Object.entries(results)) {
    const tensor = value as Ort.Tensor
    // The runtime's buffer may be larger or shared; a tight copy is what can be transferred.
    outputs[name] = { data: (tensor.data as TensorData).slice(), dims: tensor.dims }
  }
  return outputs
}

const piecesOf = (feeds: Tensors): Tensors[] => {
  const rows = Object.values(feeds)[0]?.dims[0] ?? 0
  if (rows <= rowsPerRun) return [feeds]
  const pieces = Math.ceil(rows / rowsPerRun)
  return cut(
    feeds,
    Array.from({ length: pieces }, (_, piece) => Math.min(rowsPerRun, rows - piece * rowsPerRun)),
  )
}

const run = async (
  open: Ort.InferenceSession,
  { id, feeds }: Extract<SessionRequest, { kind: 'run' }>,
): Promise<void> => {
  try {
    const done: Tensors[] = []
    for (const piece of piecesOf(feeds)) done.push(await runPiece(open, piece))
    const outputs = join(done)
    reply(
      { kind: 'done', id, outputs },
      Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer),
    )
  } catch (error) {
    reply({ kind: 'failed', id, detail: error instanceof Error ? error.message : String(error) })
  }
}

const close = async (open: Ort.InferenceSession): Promise<void> => {
  await open.release()
  port.close()
}

if (session === undefined) {
  port.close()
} else {
  reply({ kind: 'open', inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) })
  let last = Promise.resolve()
  port.on('message', (request: SessionRequest) => {
    // The thread is never terminated from outside, since that would abort the whole process during a run. Closing waits
    // for its turn.
    const { kind } = request
    last = last.then(() => (kind === 'run' ? run(session, request) : close(session)))
  })
}
