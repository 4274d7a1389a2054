import type { Publish } from '@reeltag/contracts'
import { largest } from './largest.js'
import { publishedMax, type Strategy } from './strategy.js'

/** The `n` likeliest leaves whose probability reaches `at`. Of a `single` tree only the likeliest. */
export const topN: Strategy<Extract<Publish, { kind: 'top-n' }>> = {
  choose: (tree, { ranks, probabilities }, { n, at }) =>
    largest(tree.leaves, ranks, publishedMax(tree, n)).filter((leaf) => (probabilities[leaf] ?? 0) >= at),
  describe: ({ n, at }) => `the ${n} likeliest leaves published, from ${at}`,
}
