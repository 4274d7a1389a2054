import { nodesOf, type LabelTree, type Nested } from './label-tree.js'

/** The shape of a tree as arrays over node numbers. Nodes are numbered in the taxonomy's order, parents before children. */
export interface TreeShape {
  readonly kind: 'single' | 'multi'
  readonly ids: readonly string[]
  /** Of each node its parent, or -1 for a root. */
  readonly parents: Int32Array
  readonly roots: Int32Array
  /** Nodes without children, in the order of the taxonomy. */
  readonly leaves: Int32Array
  /** The children of node i are `children` from `childrenFrom[i]` to `childrenFrom[i + 1]`, in the order of the taxonomy. */
  readonly children: Int32Array
  readonly childrenFrom: Int32Array
  /** What each logit of the head stands for. */
  readonly logitIds: readonly string[]
  /** Of each logit its node, or -1 where the tree has no such node. */
  readonly logitNodes: Int32Array
}

/** A tree that is prepared once, so that a decision neither looks ids up nor allocates a map. */
export interface CompiledTree<N = unknown> extends TreeShape {
  readonly nodes: readonly N[]
}

/** @param logitIds ids of the leaves in the order of the head's logits */
export const compileTree = <N extends Nested<N>>(
  { kind, roots }: LabelTree<N>,
  logitIds: readonly string[],
): CompiledTree<N> => {
  const nodes = nodesOf(roots)
  const numbers = new Map(nodes.map((node, number) => [node.id, number]))
  const numberOf = ({ id }: Nested<N>): number => numbers.get(id) ?? -1
  const parents = new Int32Array(nodes.length).fill(-1)
  const childrenFrom = new Int32Array(nodes.length + 1)
  const children: number[] = []
  nodes.forEach((node, number) => {
    for (const child of node.children) {
      parents[numberOf(child)] = number
      children.push(numberOf(child))
    }
    childrenFrom[number + 1] = children.length
  })
  const numbersOf = (some: readonly N[]): Int32Array => Int32Array.from(some, numberOf)
  return {
    kind,
    nodes,
    ids: nodes.map(({ id }) => id),
    parents,
    roots: numbersOf(roots),
    leaves: numbersOf(nodes.filter((node) => node.children.length === 0)),
    children: Int32Array.from(children),
    childrenFrom,
    logitIds,
    logitNodes: Int32Array.from(logitIds, (id) => numbers.get(id) ?? -1),
  }
}

export const isLeafNumber = ({ childrenFrom }: TreeShape, node: number): boolean =>
  childrenFrom[node] === childrenFrom[node + 1]

export const childrenOf = ({ children, childrenFrom }: TreeShape, node: number): Int32Array =>
  children.subarray(childrenFrom[node], childrenFrom[node + 1])
