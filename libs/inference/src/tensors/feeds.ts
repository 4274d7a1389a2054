import { ReeltagError } from '@reeltag/contracts'
import type { LoadedModel } from '@reeltag/packs'
import type { TensorData, Tensors } from './tensor.js'

// By tag: an array of another realm (a test's VM, say) is no instance of this one's classes.
const dtypes: Record<string, string> = { Uint8Array: 'uint8', Float32Array: 'float32', BigInt64Array: 'int64' }
const dtypeOf = (data: TensorData): string => dtypes[data[Symbol.toStringTag]] ?? 'unknown'

/**
 * Inputs that do not match the model are refused before they join a batch, where they would fail the rows of others.
 * Axes of one name have one length within an item.
 * @throws MODEL_MISMATCH
 */
export const assertFeeds = ({ ref, manifest }: LoadedModel, feeds: Tensors): void => {
  const lengths = new Map<string, number>()
  for (const { name, dtype, shape } of manifest.inputs) {
    const feed = feeds[name]
    const fits =
      feed !== undefined &&
      dtypeOf(feed.data) === dtype &&
      feed.dims.length === shape.length &&
      feed.dims.every((length, axis) => length > 0 && length === expected(shape[axis] ?? 0, length, lengths)) &&
      feed.data.length === feed.dims.reduce((product, length) => product * length, 1)
    if (fits) continue
    const given =
      feed === undefined ? 'nothing' : `${dtypeOf(feed.data)} ${feed.dims.join('×')} of ${feed.data.length} values`
    throw new ReeltagError('MODEL_MISMATCH', `${ref} takes ${name} as ${dtype} ${shape.join('×')}, not ${given}`)
  }
}

const expected = (dim: number | string, length: number, lengths: Map<string, number>): number => {
  if (typeof dim === 'number') return dim
  if (!lengths.has(dim)) lengths.set(dim, length)
  return lengths.get(dim) ?? length
}
