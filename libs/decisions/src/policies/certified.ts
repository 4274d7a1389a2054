import type { TreeShape } from '../compiled-tree.js'
import { groupsByNode, type Certified } from './groups.js'
import type { Strategy } from './strategy.js'
import { wayOf } from './way.js'

/**
 * A threshold for each group of contents, with its proof. A content's group is the nearest one at or above its likeliest leaf.
 * - `single`: the deepest node on the likeliest way that reaches the group's threshold.
 * - `multi`: every leaf that reaches the threshold of its group.
 *
 * A group that is to be reviewed publishes nothing, and no group above it takes its contents.
 */
export const certified: Strategy<Certified> = {
  choose: (tree, scores, publish) => {
    const groups = prepared(tree, publish)
    const reaches = (node: number, leaf: number): boolean =>
      (scores.probabilities[node] ?? 0) >= (groups[leaf] ?? Infinity)
    if (tree.kind === 'multi') return [...tree.leaves].filter((leaf) => reaches(leaf, leaf))
    const way = wayOf(tree, scores)
    const leaf = way.at(-1)
    return leaf === undefined ? [] : way.filter((node) => reaches(node, leaf)).slice(-1)
  },
  describe: ({ groups, toReview = [], delta }) =>
    groups
      .map(({ under, error, at, n, k, bound }) => {
        const share = (value: number): string => `${Number((value * 100).toPrecision(3))} %`
        return `${under ?? 'all others'}: published from ${at.toPrecision(3)}, at most ${share(bound)} wrong of ${share(error)} asked (${k} of ${n} were)`
      })
      .concat(toReview.map(({ under, because }) => `${under ?? 'all others'}: reviewed, because ${because}`))
      .join('; ') + `; one of these fails with at most ${delta}`,
}

// Policies do not change, and neither do compiled trees: the group of each leaf is found once.
const known = new WeakMap<Certified, WeakMap<TreeShape, Float64Array>>()

/** By node number, the threshold of a leaf's group; Infinity where it has none. */
const prepared = (tree: TreeShape, publish: Certified): Float64Array => {
  const ofTrees = known.get(publish) ?? new WeakMap<TreeShape, Float64Array>()
  known.set(publish, ofTrees)
  const found = ofTrees.get(tree) ?? thresholdsOf(tree, publish)
  ofTrees.set(tree, found)
  return found
}

const thresholdsOf = (tree: TreeShape, publish: Certified): Float64Array =>
  Float64Array.from(groupsByNode(tree, publish), (group) => group?.at ?? Infinity)
