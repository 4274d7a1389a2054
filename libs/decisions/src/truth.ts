import type { TreeShape } from './compiled-tree.js'

/** What is known of a node for one content. */
export const [isFalse, isTrue, isUnknown] = [0, 1, 2]

/**
 * A label and its ancestors are true and all else is false, except what stands below the label: somebody who says `animal`
 * does not say which one.
 * @param labels ids of nodes of the tree
 * @returns by node number
 */
export const truthOf = (
  tree: TreeShape,
  numbers: ReadonlyMap<string, number>,
  labels: readonly string[],
): Uint8Array => {
  const truth = new Uint8Array(tree.ids.length)
  for (const label of labels)
    for (let node = numbers.get(label) ?? -1; node >= 0; node = tree.parents[node] ?? -1) truth[node] = isTrue
  const isTip = tree.ids.map((_, node) => truth[node] === isTrue)
  tree.parents.forEach((parent, node) => {
    if (parent >= 0 && truth[node] === isTrue) isTip[parent] = false
  })
  // Parents come before their children, so what is unknown spreads downwards.
  tree.parents.forEach((parent, node) => {
    if (parent >= 0 && (isTip[parent] || truth[parent] === isUnknown)) truth[node] = isUnknown
  })
  return truth
}

export const numbersOf = ({ ids }: TreeShape): ReadonlyMap<string, number> => new Map(ids.map((id, node) => [id, node]))
