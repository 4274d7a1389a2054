import { childrenOf, isLeafNumber, type TreeShape } from '../compiled-tree.js'
import { largest } from './largest.js'
import type { Scores } from './strategy.js'

/** Whether a node may be published; `rejected` stops everything below it, `unknown` does not. */
export type Judge = (node: number) => 'certified' | 'rejected' | 'unknown'

/** From the likeliest root to its likeliest child and so on, down to a leaf. */
export const wayOf = (tree: TreeShape, { ranks }: Pick<Scores, 'ranks'>): number[] => {
  const way: number[] = []
  let [node] = largest(tree.roots, ranks, 1)
  while (node !== undefined) {
    way.push(node)
    ;[node] = isLeafNumber(tree, node) ? [] : largest(childrenOf(tree, node), ranks, 1)
  }
  return way
}

/**
 * The deepest certified node on the way from the likeliest root to its likeliest child and so on. The way ends where a
 * node is rejected.
 */
export const deepestOnTheWay = (tree: TreeShape, scores: Scores, judge: Judge): number[] => {
  let deepest: number[] = []
  for (const node of wayOf(tree, scores)) {
    const verdict = judge(node)
    if (verdict === 'rejected') break
    if (verdict === 'certified') deepest = [node]
  }
  return deepest
}

/** Every certified node that has no certified one below it, and no rejected one above. */
export const deepestEverywhere = (tree: TreeShape, judge: Judge): number[] => {
  const { ids, parents } = tree
  const open = new Uint8Array(ids.length)
  const certified: number[] = []
  for (let node = 0; node < ids.length; node++) {
    const parent = parents[node] ?? -1
    if (parent >= 0 && open[parent] === 0) continue
    const verdict = judge(node)
    open[node] = Number(verdict !== 'rejected')
    if (verdict === 'certified') certified.push(node)
  }
  // From below, so that whatever stands above a published node is known when its turn comes.
  const covered = new Uint8Array(ids.length)
  return certified
    .reverse()
    .filter((node) => {
      const isDeepest = covered[node] === 0
      for (let above = parents[node] ?? -1; above >= 0; above = parents[above] ?? -1) covered[above] = 1
      return isDeepest
    })
    .reverse()
}
