import type { FacetSource, NodeSource } from '../source/schema.js'
import { walkNodes } from '../source/walk-nodes.js'

/** A node without its place in the tree. */
export type NodeFacts = Omit<NodeSource, 'children'>

/** A facet as tables by id. `null` stands for the top. */
export interface TreeFacts {
  readonly facts: ReadonlyMap<string, NodeFacts>
  readonly parents: ReadonlyMap<string, string | null>
  readonly children: ReadonlyMap<string | null, readonly string[]>
  /** Ids from the root to the node, joined by '/'. */
  readonly paths: ReadonlyMap<string, string>
}

export const factsOf = ({ nodes }: Pick<FacetSource, 'nodes'>): TreeFacts => {
  const facts = new Map<string, NodeFacts>()
  const parents = new Map<string, string | null>()
  const children = new Map<string | null, string[]>([[null, []]])
  const paths = new Map<string, string>()
  for (const { node, ancestors } of walkNodes(nodes, [])) {
    const { children: _, ...own } = node
    const parent = ancestors.at(-1)?.id ?? null
    facts.set(node.id, own)
    parents.set(node.id, parent)
    children.set(parent, [...(children.get(parent) ?? []), node.id])
    paths.set(node.id, [...ancestors, node].map(({ id }) => id).join('/'))
  }
  return { facts, parents, children, paths }
}

/** The nodes that tables describe: what `factsOf` was made of. */
export const nodesOf = (tree: Pick<TreeFacts, 'children' | 'facts'>, parent: string | null = null): NodeSource[] =>
  (tree.children.get(parent) ?? []).flatMap((id) => {
    const own = tree.facts.get(id)
    if (own === undefined) return []
    const children = nodesOf(tree, id)
    return [children.length === 0 ? { ...own } : { ...own, children }]
  })
