import { ReeltagError } from '@reeltag/contracts'

export type TensorData = Uint8Array | Float32Array | BigInt64Array

/** A dense row-major tensor; `dims[0]` is the batch axis. */
export interface Tensor {
  readonly data: TensorData
  readonly dims: readonly number[]
}
/** Tensors by the name of the graph's input or output. */
export type Tensors = Readonly<Record<string, Tensor>>

/** @throws MODEL_MISMATCH */
export const floatsOf = (tensors: Tensors, name: string): { data: Float32Array; dims: readonly number[] } => {
  const tensor = tensors[name]
  if (tensor === undefined) throw new ReeltagError('MODEL_MISMATCH', `the graph gives no ${name}`)
  return { data: tensor.data as Float32Array, dims: tensor.dims }
}

/** How many values a tensor of these dims holds. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1)

const emptyLike = (data: TensorData, length: number): TensorData =>
  new (data.constructor as new (length: number) => TensorData)(length)

const copyInto = (target: TensorData, source: TensorData, offset: number): void => {
  // The three array types are never mixed: all tensors of one name come from one graph's input.
  ;(target as Float32Array).set(source as Float32Array, offset)
}

const slice = (data: TensorData, start: number, end: number): TensorData => data.slice(start, end)

/**
 * Joins tensors along axis 0. Where they differ in axis 1 (a text's length, a clip's frames) shorter ones are filled up
 * with zeros, which every graph of ours masks.
 */
export const concatenate = (tensors: readonly Tensor[]): Tensor => {
  const [first] = tensors
  if (first === undefined) throw new RangeError('nothing to join')
  if (tensors.length === 1) return first
  const tail = first.dims.slice(2)
  const width = Math.max(...tensors.map(({ dims }) => dims[1] ?? 1))
  const rows = tensors.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0)
  const dims = first.dims.length === 1 ? [rows] : [rows, width, ...tail]
  const joined = emptyLike(first.data, sizeOf(dims))
  const stride = sizeOf(dims.slice(1))
  let row = 0
  for (const tensor of tensors) {
    const own = sizeOf(tensor.dims.slice(1))
    const count = tensor.dims[0] ?? 0
    if (own === stride) copyInto(joined, tensor.data, row * stride)
    else
      for (let i = 0; i < count; i++) copyInto(joined, slice(tensor.data, i * own, (i + 1) * own), (row + i) * stride)
    row += count
  }
  return { data: joined, dims }
}

/** Cuts a tensor along axis 0 into parts of these row counts. */
export const split = (tensor: Tensor, rows: readonly number[]): Tensor[] => {
  const stride = sizeOf(tensor.dims.slice(1))
  let start = 0
  return rows.map((count) => {
    const data = slice(tensor.data, start * stride, (start + count) * stride)
    start += count
    return { data, dims: [count, ...tensor.dims.slice(1)] }
  })
}

/** `concatenate`, of all tensors of a graph's inputs or outputs. */
export const join = (parts: readonly Tensors[]): Tensors =>
  Object.fromEntries(
    Object.keys(parts[0] ?? {}).map((name) => [name, concatenate(parts.flatMap((part) => part[name] ?? []))]),
  )

/** `split`, of all tensors of a graph's inputs or outputs. */
export const cut = (tensors: Tensors, rows: readonly number[]): Tensors[] => {
  const parts = Object.entries(tensors).map(([name, tensor]) => [name, split(tensor, rows)] as const)
  return rows.map((_, index) =>
    Object.fromEntries(parts.flatMap(([name, cuts]) => (cuts[index] ? [[name, cuts[index]]] : []))),
  )
}
