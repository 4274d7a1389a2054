/** A label as far as deciding needs it. */
export interface LabelNode {
  readonly id: string
  readonly children: readonly LabelNode[]
}

/** A facet of a taxonomy: `single` gives a content one path, `multi` any set of nodes. */
export interface LabelTree<N extends LabelNode = LabelNode> {
  readonly kind: 'single' | 'multi'
  readonly roots: readonly N[]
}

/** A node whose children are of its own kind. */
export type Nested<N> = LabelNode & { readonly children: readonly N[] }

export const isLeaf = ({ children }: LabelNode): boolean => children.length === 0

/** Every node, parents before their children. */
export const nodesOf = <N extends Nested<N>>(nodes: readonly N[]): N[] =>
  nodes.flatMap((node) => [node, ...nodesOf(node.children)])
