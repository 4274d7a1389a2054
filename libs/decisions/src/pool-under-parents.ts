import { ReeltagError } from '@reeltag/contracts'
import { nodesOf, type LabelTree, type Nested } from './label-tree.js'

/** Classes that are judged together. */
export interface Pool {
  /** The class itself, or the branch under which small classes are pooled; null is the whole tree. */
  readonly node: string | null
  /** Ids of the classes whose rows are in it. */
  readonly members: readonly string[]
  readonly rows: number
  /** False for what is left over at the root and still too small. */
  readonly sufficient: boolean
}

interface Gathered {
  readonly members: readonly string[]
  readonly rows: number
}

/**
 * Groups classes so that each group has at least `rowsMin` rows: a class that has them stands alone, the others are
 * pooled under their parent, then under the parent's parent, then at the root. Every class that has rows is in exactly
 * one pool. It looks at numbers of rows only, never at what is in them, so a test of the pools afterwards stays valid.
 * @param rowsByClass number of rows by node id, of leaves or inner nodes
 * @throws DECISION_INPUT_INVALID where a class is not in the tree
 */
export const poolUnderParents = <N extends Nested<N>>(
  tree: LabelTree<N>,
  rowsByClass: ReadonlyMap<string, number>,
  rowsMin: number,
): Pool[] => {
  assertKnown(tree, rowsByClass)
  const pools: Pool[] = []
  const settle = (node: string | null, gathered: Gathered): Gathered => {
    if (gathered.rows < rowsMin) return gathered
    pools.push({ node, ...gathered, sufficient: true })
    return { members: [], rows: 0 }
  }
  const visit = (node: N): Gathered => {
    const rows = rowsByClass.get(node.id) ?? 0
    const own = settle(node.id, { members: rows > 0 ? [node.id] : [], rows })
    // What only one class needs stays that class's: a pool is named by the branch above it.
    return settle(node.id, join([own, ...node.children.map(visit)]))
  }
  const left = settle(null, join(tree.roots.map(visit)))
  if (left.rows > 0) pools.push({ node: null, ...left, sufficient: false })
  return pools
}

const assertKnown = <N extends Nested<N>>(tree: LabelTree<N>, rowsByClass: ReadonlyMap<string, number>): void => {
  const known = new Set(nodesOf(tree.roots).map(({ id }) => id))
  const unknown = [...rowsByClass.keys()].filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw new ReeltagError('DECISION_INPUT_INVALID', `not in the tree: ${unknown.slice(0, 10).join(', ')}`)
}

const join = (parts: readonly Gathered[]): Gathered => ({
  members: parts.flatMap(({ members }) => members),
  rows: parts.reduce((sum, { rows }) => sum + rows, 0),
})
