import type { Publish } from '@reeltag/contracts'
import type { Strategy } from './strategy.js'
import { deepestEverywhere, deepestOnTheWay, type Judge } from './way.js'

/**
 * In a `single` tree it walks from the likeliest root to its likeliest child and so on, and takes the deepest node on that
 * way whose probability reaches `at`. The walk is from the top because a coarse answer that is right is worth more than a
 * fine one that is wrong: the likeliest leaf may hang under an unlikely branch. It misses nothing: where `at` is above one
 * half, a node that reaches it has likelier ancestors and only unlikelier siblings, so it lies on the way. In a `multi`
 * tree it takes every such node that has none below it.
 */
export const threshold: Strategy<Extract<Publish, { kind: 'threshold' }>> = {
  choose: (tree, scores, { at }) => {
    const judge: Judge = (node) => ((scores.probabilities[node] ?? 0) >= at ? 'certified' : 'rejected')
    return tree.kind === 'single' ? deepestOnTheWay(tree, scores, judge) : deepestEverywhere(tree, judge)
  },
  describe: ({ at }) => `published from ${at}`,
}
