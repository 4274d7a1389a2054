import type { CertifiedGroup, Mask, PolicyTarget, Publish } from '@reeltag/contracts'
import { certify } from '../certify/certify.js'
import { certifyBackOff, type WayNode } from '../certify/certify-back-off.js'
import type { SequenceOptions } from '../certify/fixed-sequence.js'
import type { Outcome } from '../certify/outcome.js'
import { isLeafNumber, type TreeShape } from '../compiled-tree.js'
import { wayOf } from '../policies/way.js'
import type { Scores } from '../policies/strategy.js'

/** A content that thresholds are tested on. */
export interface TruthRow {
  readonly scores: Scores
  /** By node number: whether the content belongs under it. What nobody knows counts as wrong. */
  readonly isTrue: (node: number) => boolean
}

/** Contents that are judged together, and what came of it. */
export interface JudgedGroup {
  /** Id of the node below which they are; null for all that no other group has. */
  readonly under: string | null
  readonly outcome: Outcome
}

/** One facet and mask. */
export interface CertifiedFacet {
  readonly facet: string
  readonly mask: Mask
  readonly publish: Publish
  readonly groups: readonly JudgedGroup[]
}

/**
 * A threshold for each target of a facet. A content counts for the target whose node is the nearest above its likeliest
 * leaf, so every content counts once, and that depends on its scores only: the test stays exact, and what the promise says is
 * about what is really published there, at whatever depth.
 * @param delta of all targets together; each is allowed an equal share (Bonferroni)
 */
export const certifyFacet = (
  tree: TreeShape,
  rows: readonly TruthRow[],
  { facet, mask, targets, delta }: { facet: string; mask: Mask; targets: readonly PolicyTarget[]; delta: number },
  options: SequenceOptions = { outlives: errorsOutlived },
): CertifiedFacet => {
  const level = delta / targets.length
  const numbers = new Map(tree.ids.map((id, node) => [id, node]))
  const byNode = new Map(
    targets.map((target) => [target.under === undefined ? -1 : (numbers.get(target.under) ?? -1), target]),
  )
  const groupOf = (leaf: number): number | undefined => nearest(tree, leaf, byNode)
  const groups = [...byNode].map(([node, { error, under }]): JudgedGroup => {
    const target = { alpha: error, delta: level }
    const outcome =
      tree.kind === 'single'
        ? certifyBackOff(
            waysIn(tree, rows, (leaf) => groupOf(leaf) === node),
            target,
            options,
          )
        : certify(
            tagsIn(tree, rows, (leaf) => groupOf(leaf) === node),
            target,
            options,
          )
    return { under: under ?? null, outcome }
  })
  return { facet, mask, groups, publish: publishOf(groups, delta) }
}

// A few errors among the surest items must not end the search: on real titles this published most.
const errorsOutlived = 5

/** The nearest node at or above a leaf that has a target; -1 is the whole facet. */
const nearest = ({ parents }: TreeShape, leaf: number, targets: ReadonlyMap<number, unknown>): number | undefined => {
  for (let node = leaf; node >= 0; node = parents[node] ?? -1) if (targets.has(node)) return node
  return targets.has(-1) ? -1 : undefined
}

const waysIn = (tree: TreeShape, rows: readonly TruthRow[], isIn: (leaf: number) => boolean): WayNode[][] =>
  rows.flatMap(({ scores, isTrue }) => {
    const way = wayOf(tree, scores)
    const leaf = way.at(-1)
    if (leaf === undefined || !isIn(leaf)) return []
    return [way.map((node) => ({ score: scores.probabilities[node] ?? 0, correct: isTrue(node) }))]
  })

/** In a multi tree each tag is published by itself, and counts by itself. */
const tagsIn = (tree: TreeShape, rows: readonly TruthRow[], isIn: (leaf: number) => boolean) =>
  rows.flatMap(({ scores, isTrue }) =>
    [...tree.leaves]
      .filter((leaf) => isLeafNumber(tree, leaf) && isIn(leaf))
      .map((leaf) => ({ score: scores.probabilities[leaf] ?? 0, correct: isTrue(leaf) })),
  )

const publishOf = (groups: readonly JudgedGroup[], delta: number): Publish => {
  const certified = groups.flatMap(({ under, outcome }): CertifiedGroup[] =>
    outcome.kind === 'certified'
      ? [
          {
            under,
            error: outcome.alpha,
            at: outcome.at,
            n: outcome.n,
            k: outcome.k,
            bound: outcome.bound,
            level: outcome.level,
          },
        ]
      : [],
  )
  const toReview = groups.flatMap(({ under, outcome }) =>
    outcome.kind === 'refused' ? [{ under, because: outcome.message }] : [],
  )
  // What was not proven has to be listed: without that, a group above would publish contents that its proof left out.
  if (certified.length > 0)
    return { kind: 'certified', delta, groups: certified, ...(toReview.length === 0 ? {} : { toReview }) }
  return { kind: 'never', because: toReview[0]?.because ?? 'no target was asked for' }
}
