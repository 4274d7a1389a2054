import type { TreeShape } from '../compiled-tree.js'

interface LaidOut {
  readonly tree: TreeShape
  readonly values: readonly unknown[]
}

// Fitted data never change, so each is laid out once for the tree that it is used with.
const laidOut = new WeakMap<object, LaidOut>()

/** The values of a record by id, laid out by node number; undefined for nodes that it does not list. */
export const recordByNode = <T>(tree: TreeShape, record: Readonly<Record<string, T>>): readonly (T | undefined)[] => {
  const known = laidOut.get(record)
  if (known?.tree === tree) return known.values as readonly (T | undefined)[]
  // Ids come from a file: one named `constructor` must not find what every object has.
  const values = tree.ids.map((id) => (Object.hasOwn(record, id) ? record[id] : undefined))
  laidOut.set(record, { tree, values })
  return values
}
