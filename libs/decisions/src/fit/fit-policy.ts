import {
  ReeltagError,
  type FacetPolicy,
  type Mask,
  type PolicyEvidence,
  type PolicyTarget,
  type Publish,
} from '@reeltag/contracts'
import type { Calibration } from '../calibration/calibration.js'
import { fitCalibration } from '../calibration/fit-calibration.js'
import { rowsMin } from '../calibration/refusals.js'
import { numbersOf, truthOf } from '../truth.js'
import { compileTree } from '../compiled-tree.js'
import type { FacetToDecide } from '../decide-content.js'
import { facetScores } from '../score/facet-scores.js'
import { certifyFacet, type CertifiedFacet, type TruthRow } from './certify-facet.js'

/** Promises that are asked for, and how likely it may be that one of them does not hold. */
export interface Promises {
  readonly targets: readonly PolicyTarget[]
  readonly delta: number
}

/** A content with scores and a truth. */
export interface LabelledContent {
  /** Equal for equal content only: both halves must not see the same video. */
  readonly contentHash: string
  readonly mask: Mask
  readonly logits: Readonly<Record<string, ArrayLike<number>>>
  /** By facet the ids of the true nodes; a facet that nobody looked at is absent. */
  readonly truth: Readonly<Record<string, readonly string[]>>
}

export interface FittedPolicy {
  readonly facets: Record<string, FacetPolicy & { calibration?: Calibration }>
  readonly evidence: Pick<PolicyEvidence, 'calibrated' | 'certified'>
  /** By facet and mask, what was proven and what was not, with the number that would do. */
  readonly report: readonly CertifiedFacet[]
}

/**
 * Fits a calibration on a quarter of the truth and finds thresholds on the rest, so that no content is used twice.
 * @throws TARGET_UNPROVEN where no target of any facet can be kept; CALIBRATION_REFUSED, DECISION_INPUT_INVALID
 */
export const fitPolicy = (
  facets: readonly FacetToDecide[],
  contents: readonly LabelledContent[],
  { targets, delta }: Promises,
): FittedPolicy => {
  assertTargets(facets, targets)
  const wanted = facets.filter(({ facet }) => targets.some((target) => target.facet === facet.id))
  // The promises hold together: every facet and mask has a share of delta.
  const masks = [...new Set(contents.map(({ mask }) => mask))].sort()
  const share = delta / Math.max(1, wanted.length * masks.length)
  const fitted = wanted.map((facet) => fitFacet(facet, contents, { targets, delta: share }))
  const report = fitted.flatMap(({ certified }) => certified)
  const refusals = report.flatMap(({ groups }) => groups.map(({ outcome }) => outcome))
  if (refusals.every(({ kind }) => kind === 'refused')) throw new ReeltagError('TARGET_UNPROVEN', unproven(report))
  return {
    facets: Object.fromEntries(fitted.map(({ id, policy }) => [id, policy])),
    evidence: {
      calibrated: contents.filter(isForCalibration).length,
      certified: contents.filter((content) => !isForCalibration(content)).length,
    },
    report,
  }
}

/** Of every target and mask, what is missing. */
const unproven = (report: readonly CertifiedFacet[]): string =>
  report
    .flatMap(({ facet, mask, groups }) =>
      groups.flatMap(({ under, outcome }) =>
        outcome.kind === 'refused' ? `${facet}${under === null ? '' : `:${under}`} of ${mask}: ${outcome.message}` : [],
      ),
    )
    .join('; ') || 'no content has a label in these facets'

const unlabelled: Publish = { kind: 'never', because: 'no content with these streams has a label' }

/** It would take 23,000 contents without one error. */
const errorMin = 0.0001

/** @throws DECISION_INPUT_INVALID */
const assertTargets = (facets: readonly FacetToDecide[], targets: readonly PolicyTarget[]): void => {
  const seen = new Set<string>()
  for (const { facet: id, under, error } of targets) {
    if (error < errorMin)
      throw new ReeltagError(
        'DECISION_INPUT_INVALID',
        `an error of ${error} cannot be proven; ask for ${errorMin} or more`,
      )
    const known = facets.find(({ facet }) => facet.id === id)
    if (known === undefined)
      throw new ReeltagError(
        'DECISION_INPUT_INVALID',
        `the pack has no facet ${id}; it has ${facets.map(({ facet }) => facet.id).join(', ')}`,
      )
    if (under !== undefined && !known.facet.all().some((node) => node.id === under))
      throw new ReeltagError('DECISION_INPUT_INVALID', `facet ${id} has no node ${under}`)
    const key = `${id} ${under ?? ''}`
    if (seen.has(key))
      throw new ReeltagError('DECISION_INPUT_INVALID', `two targets are for ${under ?? 'all'} of facet ${id}`)
    seen.add(key)
  }
}

/**
 * One content in four, since a proof gains more from more truth than a calibration does. By the hash, so that a content falls
 * into the same part whenever it is fitted again.
 */
const isForCalibration = ({ contentHash }: LabelledContent): boolean =>
  Number.parseInt(contentHash.slice(0, 8), 16) % 4 === 0

const fitFacet = (labels: FacetToDecide, contents: readonly LabelledContent[], { targets, delta }: Promises) => {
  const { facet, leaves, temperature, role } = labels
  const tree = compileTree(facet, leaves)
  const own = contents.filter(({ truth, logits }) => truth[facet.id] !== undefined && logits[facet.id] !== undefined)
  const masks = [...new Set(own.map(({ mask }) => mask))].sort()
  const calibration = calibrationOf(labels, own.filter(isForCalibration), masks)
  const scoring = { temperature, ...(calibration === undefined ? {} : { calibration }) }
  const numbers = numbersOf(tree)
  const certified = masks.map((mask) => {
    const rows = own
      .filter((content) => content.mask === mask && !isForCalibration(content))
      .map((content): TruthRow => {
        const isTrue = truthOf(tree, numbers, content.truth[facet.id] ?? [])
        return {
          scores: facetScores(tree, content.logits[facet.id] ?? [], mask, scoring),
          isTrue: (node) => isTrue[node] === 1,
        }
      })
    const ofFacet = targets.filter((target) => target.facet === facet.id)
    return certifyFacet(tree, rows, { facet: facet.id, mask, targets: ofFacet, delta })
  })
  // What the pack knows and nobody labelled is said too: nothing was proven for it.
  const nothing = Object.keys(labels.publish).map((mask) => [mask, unlabelled] as const)
  const found = certified.map(({ mask, publish }) => [mask, publish] as const)
  const publish = Object.fromEntries<Publish>([...nothing, ...found])
  return {
    id: facet.id,
    certified,
    policy: { temperature, role, publish, ...(calibration === undefined ? {} : { calibration }) },
  }
}

/** What is fitted where there is enough truth; the pack's own temperature stays where there is not. */
const calibrationOf = (
  { facet, leaves }: FacetToDecide,
  rows: readonly LabelledContent[],
  masks: readonly Mask[],
): Calibration | undefined => {
  const tree = compileTree(facet, leaves)
  // What is none of the facet's nodes says nothing of how sure the head is of one of them.
  const known = rows.filter(({ truth }) => facet.kind === 'multi' || truth[facet.id]?.length === 1)
  const enough = masks.filter((mask) => known.filter((row) => row.mask === mask).length >= rowsMin)
  if (enough.length === 0) return undefined
  return fitCalibration(
    tree,
    known.map(({ contentHash, mask, logits, truth }) => ({
      contentHash,
      mask,
      logits: logits[facet.id] ?? [],
      nodes: truth[facet.id] ?? [],
    })),
    enough,
  )
}
