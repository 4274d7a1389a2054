import type { LabelTree, Nested } from '../label-tree.js'

/**
 * From which probability a node is published. Undefined: nothing is certified for the node, and it neither is published
 * nor stands in the way of its children. Infinity: the node was taken out of publishing, and its whole branch with it.
 */
export type ThresholdOf = (node: string) => number | undefined

/**
 * What is published where each node has a threshold of its own.
 * - `single`: the deepest certified node on the likeliest way from the root.
 * - `multi`: every certified node that has no certified one below it.
 *
 * A node under one that has a threshold and does not reach it is never published, however likely it is.
 * @param probabilityOf probability that the content belongs under the node, 0..1
 * @returns nodes in the order of the tree; at most one of a `single` tree
 */
export const backOff = <N extends Nested<N>>(
  tree: LabelTree<N>,
  probabilityOf: (node: string) => number,
  thresholdOf: ThresholdOf,
): N[] => {
  const verdictOf = ({ id }: N): Verdict => {
    const at = thresholdOf(id)
    if (at === undefined) return 'silent'
    return probabilityOf(id) >= at ? 'certified' : 'rejected'
  }
  return tree.kind === 'single'
    ? deepestOnTheWay(likeliestWay(tree.roots, probabilityOf), verdictOf)
    : tree.roots.flatMap((root) => lowestCertified(root, verdictOf))
}

type Verdict = 'certified' | 'rejected' | 'silent'

const deepestOnTheWay = <N extends Nested<N>>(way: readonly N[], verdictOf: (node: N) => Verdict): N[] => {
  const rejected = way.findIndex((node) => verdictOf(node) === 'rejected')
  const open = rejected < 0 ? way : way.slice(0, rejected)
  return open.filter((node) => verdictOf(node) === 'certified').slice(-1)
}

const lowestCertified = <N extends Nested<N>>(node: N, verdictOf: (node: N) => Verdict): N[] => {
  const verdict = verdictOf(node)
  if (verdict === 'rejected') return []
  const children: readonly N[] = node.children
  const below = children.flatMap((child) => lowestCertified(child, verdictOf))
  return below.length === 0 && verdict === 'certified' ? [node] : below
}

/** From the likeliest root to its likeliest child and so on; of equals the first in the tree. */
const likeliestWay = <N extends Nested<N>>(level: readonly N[], probabilityOf: (node: string) => number): N[] => {
  const way: N[] = []
  for (let nodes = level; nodes.length > 0;) {
    const best = nodes.reduce((a, b) => (probabilityOf(b.id) > probabilityOf(a.id) ? b : a))
    way.push(best)
    nodes = best.children
  }
  return way
}

/** Thresholds by node, of groups that were certified: each member has the threshold of its group. */
export const thresholdsOf = (
  groups: readonly {
    readonly members: readonly string[]
    readonly outcome: { readonly kind: 'certified'; readonly at: number } | { readonly kind: 'refused' }
  }[],
): Map<string, number> =>
  new Map(
    groups.flatMap(({ members, outcome }) =>
      outcome.kind === 'certified' ? members.map((id): [string, number] => [id, outcome.at]) : [],
    ),
  )
