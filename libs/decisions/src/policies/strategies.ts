import type { Publish } from '@reeltag/contracts'
import { certified } from './certified.js'
import { never } from './never.js'
import { shortVideo } from './short-video.js'
import type { Strategy } from './strategy.js'
import { threshold } from './threshold.js'
import { thresholds } from './thresholds.js'
import { topN } from './top-n.js'

type Kind = Publish['kind']
type OfKind<K extends Kind> = Extract<Publish, { kind: K }>

/** How each kind of policy works: a kind without an entry does not compile. */
const strategies: { readonly [K in Kind]: Strategy<OfKind<K>> } = {
  certified,
  never,
  threshold,
  'short-video': shortVideo,
  'top-n': topN,
  thresholds,
}

export const strategyOf = <K extends Kind>({ kind }: { readonly kind: K }): Strategy<OfKind<K>> => strategies[kind]

/** A policy in words, for operators. */
export const describePublish = (publish: Publish): string => strategyOf(publish).describe(publish)
