import { ReeltagError, type ModelManifest, type TensorSpec } from '@reeltag/contracts'
import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { headerBytesMax, type Answer } from './model-server.js'
import { sizeOf, type Tensor, type Tensors } from '../tensors/tensor.js'

// Tensors on the wire of the Open Inference Protocol: as JSON, or as bytes behind a JSON header where the server has the
// binary tensor data extension. Little-endian, as every machine is that Reeltag runs on.

const datatypes: Record<TensorSpec['dtype'], string> = {
  uint8: 'UINT8',
  int64: 'INT64',
  float32: 'FP32',
  float16: 'FP16',
}
const headerLength = 'inference-header-content-length'
/** A float32 printed as a double with its sign, exponent and separators. */
const jsonBytesMax = 32

export interface Written {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** Our name of the server's datatype; an unknown one stays unchanged. */
export const dtypeOf = (datatype: string): string =>
  Object.entries(datatypes).find(([, name]) => name === datatype)?.[0] ?? datatype

/** @param binary whether the server takes bytes behind the header */
export const writeRequest = async (manifest: ModelManifest, feeds: Tensors, binary: boolean): Promise<Written> => {
  const inputs = manifest.inputs.map(({ name, dtype }) => ({
    name,
    datatype: datatypes[dtype],
    feed: feedOf(feeds, name),
  }))
  return binary ? writeBinary(manifest, inputs) : writeJson(manifest, inputs)
}

interface Input {
  readonly name: string
  readonly datatype: string
  readonly feed: Tensor
}

const feedOf = (feeds: Tensors, name: string): Tensor => {
  const feed = feeds[name]
  if (feed === undefined) throw new ReeltagError('MODEL_MISMATCH', `nothing is given for ${name}`)
  return feed
}

const writeBinary = (manifest: ModelManifest, inputs: readonly Input[]): Written => {
  const header = Buffer.from(
    JSON.stringify({
      inputs: inputs.map(({ name, datatype, feed }) => ({
        name,
        datatype,
        shape: feed.dims,
        parameters: { binary_data_size: feed.data.byteLength },
      })),
      outputs: manifest.outputs.map(({ name }) => ({ name, parameters: { binary_data: true } })),
    }),
  )
  const bytes = inputs.map(({ feed: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return {
    body: Buffer.concat([header, ...bytes]),
    headers: { 'content-type': 'application/octet-stream', [headerLength]: String(header.length) },
  }
}

const writeJson = async (manifest: ModelManifest, inputs: readonly Input[]): Promise<Written> => {
  const parts: string[] = []
  for (const { name, datatype, feed } of inputs) {
    const { data, dims } = feed
    const [rows = 1] = dims
    const stride = data.length / rows
    const numbers: string[] = []
    for (let row = 0; row < rows; row++) {
      numbers.push(data.subarray(row * stride, (row + 1) * stride).join(','))
      // A batch of frames has millions of numbers, and leases must be renewed in the meantime.
      await breathe()
    }
    const head = JSON.stringify({ name, datatype, shape: dims })
    parts.push(`${head.slice(0, -1)},"data":[${numbers.join(',')}]}`)
  }
  const outputs = JSON.stringify(manifest.outputs.map(({ name }) => ({ name })))
  return {
    body: Buffer.from(`{"inputs":[${parts.join(',')}],"outputs":${outputs}}`),
    headers: { 'content-type': 'application/json' },
  }
}

/** Shapes of the outputs for these inputs: axes of one name have one length. */
export const expectedOutputs = (manifest: ModelManifest, feeds: Tensors): readonly Expected[] => {
  const lengths = new Map<string, number>()
  for (const { name, shape } of manifest.inputs)
    for (const [axis, dim] of shape.entries())
      if (typeof dim === 'string') lengths.set(dim, feedOf(feeds, name).dims[axis] ?? 0)
  return manifest.outputs.map(({ name, shape }) => ({
    name,
    dims: shape.map((dim) => (typeof dim === 'number' ? dim : (lengths.get(dim) ?? 0))),
  }))
}

export interface Expected {
  readonly name: string
  readonly dims: readonly number[]
}

/** More than any valid answer has, even if its numbers are text. */
export const answerBytesMax = (expected: readonly Expected[]): number =>
  headerBytesMax + jsonBytesMax * expected.reduce((sum, { dims }) => sum + sizeOf(dims), 0)

const Output = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int().nonnegative()).max(8),
  parameters: z.object({ binary_data_size: z.int().nonnegative().optional() }).nullish(),
  data: z.custom<unknown[]>(Array.isArray).optional(),
})
type Output = z.infer<typeof Output>
const Outputs = z.object({ outputs: z.array(Output).max(64) })

/**
 * Accepts an answer only if it is exactly what was asked for and every number is finite.
 * @throws MODEL_SERVER_INVALID
 */
export const readAnswer = (expected: readonly Expected[], { headers, body }: Answer): Tensors => {
  const { outputs, rest } = readHeader(headers.get(headerLength), body)
  const tensors: Record<string, Tensor> = {}
  let offset = 0
  for (const output of outputs) {
    const { dims } = expected.find(({ name }) => name === output.name) ?? invalid(`an output ${short(output.name)}`)
    if (output.name in tensors) invalid(`${output.name} twice`)
    if (output.datatype !== datatypes.float32 || output.shape.join('×') !== dims.join('×'))
      invalid(
        `${output.name} as ${short(output.datatype)} ${output.shape.join('×')}, not ${datatypes.float32} ${dims.join('×')}`,
      )
    const size = sizeOf(dims)
    const data = output.data === undefined ? floatsAt(rest, offset, size, output) : numbersOf(output, dims)
    if (output.data === undefined) offset += data.byteLength
    if (data.length !== size) invalid(`${data.length} values for ${output.name}, not ${size}`)
    assertFinite(output.name, data)
    tensors[output.name] = { data, dims }
  }
  const missing = expected.filter(({ name }) => !(name in tensors))
  if (missing.length > 0) invalid(`no ${missing.map(({ name }) => name).join(', ')}`)
  if (offset !== rest.length) invalid(`${rest.length - offset} bytes that belong to nothing`)
  return tensors
}

const readHeader = (length: string | null, body: Buffer): { outputs: readonly Output[]; rest: Buffer } => {
  if (length !== null && !(/^\d{1,9}$/.test(length) && Number(length) <= body.length))
    invalid(`a header of ${short(length)} bytes in ${body.length}`)
  const end = length === null ? body.length : Number(length)
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8', 0, end))
  } catch {
    invalid('what is not JSON')
  }
  const result = Outputs.safeParse(parsed)
  if (!result.success) return invalid(`what is no inference: ${short(z.prettifyError(result.error))}`)
  return { outputs: result.data.outputs, rest: body.subarray(end) }
}

const floatsAt = (rest: Buffer, offset: number, size: number, { name, parameters }: Output): Float32Array => {
  const bytes = parameters?.binary_data_size
  if (bytes !== size * 4 || offset + bytes > rest.length)
    return invalid(`${bytes ?? 'no'} of ${rest.length - offset} bytes for ${name}, not ${size * 4}`)
  // Copied, because the bytes may not be aligned for floats.
  return new Float32Array(new Uint8Array(rest.subarray(offset, offset + bytes)).buffer)
}

/** Numbers come flat or nested like their shape. */
const numbersOf = ({ name, data = [] }: Output, dims: readonly number[]): Float32Array => {
  const flat: unknown[] = data.flat(Math.max(1, dims.length - 1))
  if (!flat.every((value) => typeof value === 'number')) invalid(`values of ${name} that are no numbers`)
  return Float32Array.from(flat as number[])
}

const assertFinite = (name: string, data: Float32Array): void => {
  for (const value of data) if (!Number.isFinite(value)) invalid(`${value} in ${name}`)
}

const short = (text: string): string => JSON.stringify(text.slice(0, 100))

const invalid = (what: string): never => {
  throw new ReeltagError('MODEL_SERVER_INVALID', `the model server answers with ${what}`)
}
