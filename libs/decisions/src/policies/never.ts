import type { Publish } from '@reeltag/contracts'
import type { Strategy } from './strategy.js'

/** Nothing is published, however sure it seems: a softmax that nobody calibrated may well reach 1. */
export const never: Strategy<Extract<Publish, { kind: 'never' }>> = {
  choose: () => [],
  describe: ({ because }) => `${because}: all goes to review`,
}
