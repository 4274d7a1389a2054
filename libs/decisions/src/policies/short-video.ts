import type { Publish } from '@reeltag/contracts'
import { sigmoid } from '../score/softmax.js'
import { largest } from './largest.js'
import { publishedMax, type Strategy } from './strategy.js'

/**
 * The leaves with the largest logits, each if the sigmoid of its logit reaches the limit of its rank. With 0, 0.5, 0.5 a
 * content gets one to three labels, because every sigmoid reaches 0. Of a `single` tree only the first is published.
 * Order and limits are those of the logits as the head gave them, without calibration or scale.
 */
export const shortVideo: Strategy<Extract<Publish, { kind: 'short-video' }>> = {
  choose: (tree, { logits }, { from }) =>
    largest(tree.leaves, logits, publishedMax(tree, from.length)).filter(
      (leaf, rank) => sigmoid(logits[leaf] ?? -Infinity) >= (from[rank] ?? Infinity),
    ),
  describe: ({ from }) => `up to ${from.length} leaves published, by rank from ${from.join(', ')}`,
}
