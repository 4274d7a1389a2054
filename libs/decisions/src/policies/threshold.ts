import type { Publish } from '@reeltag/contracts'
import { nodesOf, type Nested } from '../label-tree.js'
import { byProbability, type ScoredNode, type Strategy } from './strategy.js'

/**
 * In a `single` tree it walks from the likeliest root to its likeliest child and so on, and takes the deepest node on that
 * way whose probability reaches `at`. The walk is from the top because a coarse answer that is right is worth more than a
 * fine one that is wrong: the likeliest leaf may hang under an unlikely branch. It misses nothing: where `at` is above one
 * half, a node that reaches it has likelier ancestors and only unlikelier siblings, so it lies on the way. In a `multi`
 * tree it takes every such node that has none below it.
 */
export const threshold: Strategy<Extract<Publish, { kind: 'threshold' }>> = {
  choose: ({ kind, roots }, score, { at }) => {
    const passes = ({ probability }: { readonly probability: number }): boolean => probability >= at
    return kind === 'single'
      ? likeliestWay(roots, score).filter(passes).slice(-1)
      : nodesOf(roots)
          .map(score)
          .filter((scored) => passes(scored) && !scored.node.children.map(score).some(passes))
  },
  describe: ({ at }) => `published from ${at}`,
}

const likeliestWay = <N extends Nested<N>>(level: readonly N[], score: (node: N) => ScoredNode<N>): ScoredNode<N>[] => {
  const [best] = level.map(score).sort(byProbability)
  return best === undefined ? [] : [best, ...likeliestWay(best.node.children, score)]
}
