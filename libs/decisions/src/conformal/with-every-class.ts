import type { LabelTree, Nested } from '../label-tree.js'
import type { Pool } from '../pool-under-parents.js'

/**
 * Pools in which every leaf of the tree is. What is left over at the root takes in the smallest pools until it is large
 * enough, and a leaf without rows joins the nearest pool above it, or the one at the root.
 */
export const withEveryClass = <N extends Nested<N>>(
  tree: LabelTree<N>,
  pools: readonly Pool[],
  rowsMin: number,
): Pool[] => {
  const members = new Map(pools.map((pool) => [pool, [...pool.members]]))
  const isPooled = new Set(pools.flatMap((pool) => pool.members))
  const byNode = new Map(pools.map((pool) => [pool.node, pool]))
  const homeless: string[] = []
  const visit = (node: N, above: Pool | undefined): void => {
    const nearest = byNode.get(node.id) ?? above
    if (node.children.length === 0 && !isPooled.has(node.id)) {
      if (nearest === undefined) homeless.push(node.id)
      else members.get(nearest)?.push(node.id)
    }
    for (const child of node.children) visit(child, nearest)
  }
  for (const root of tree.roots) visit(root, undefined)
  const completed = pools.map((pool) => ({ ...pool, members: members.get(pool) ?? [] }))
  return joinAtRoot(completed, homeless, rowsMin)
}

const joinAtRoot = (pools: readonly Pool[], homeless: readonly string[], rowsMin: number): Pool[] => {
  const left = pools.find(({ node }) => node === null)
  if (left === undefined && homeless.length === 0) return [...pools]
  const root = { members: [...(left?.members ?? []), ...homeless], rows: left?.rows ?? 0 }
  const others = pools.filter((pool) => pool !== left).sort((a, b) => a.rows - b.rows)
  while (root.rows < rowsMin && others.length > 0) {
    const smallest = others.shift()
    root.members.push(...(smallest?.members ?? []))
    root.rows += smallest?.rows ?? 0
  }
  return [...others, { node: null, ...root, sufficient: root.rows >= rowsMin }]
}
