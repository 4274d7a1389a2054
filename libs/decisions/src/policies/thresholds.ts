import type { Publish } from '@reeltag/contracts'
import { recordByNode } from '../score/by-node.js'
import type { Strategy } from './strategy.js'
import { deepestEverywhere, deepestOnTheWay, type Judge } from './way.js'

/**
 * As `threshold`, with a threshold for each node. A node that is not listed is never published, but what stands below it
 * may be. A node that misses its own threshold is rejected, and everything below it with it.
 */
export const thresholds: Strategy<Extract<Publish, { kind: 'thresholds' }>> = {
  choose: (tree, scores, { at }) => {
    const limits = recordByNode(tree, at)
    const judge: Judge = (node) => {
      const limit = limits[node]
      if (limit === undefined) return 'unknown'
      return (scores.probabilities[node] ?? 0) >= limit ? 'certified' : 'rejected'
    }
    return tree.kind === 'single' ? deepestOnTheWay(tree, scores, judge) : deepestEverywhere(tree, judge)
  },
  describe: ({ at }) => `published from the thresholds of ${Object.keys(at).length} nodes`,
}
