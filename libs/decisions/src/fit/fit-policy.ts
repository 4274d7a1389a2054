import {
  ReeltagError,
  type PolicyDocument,
  type Mask,
  type PolicyEvidence,
  type PolicyTarget,
  type Publish,
} from '@reeltag/contracts'
import type { Calibration } from '../calibration/calibration.js'
import { numbersOf, truthOf } from '../truth.js'
import { compileTree, type TreeShape } from '../compiled-tree.js'
import type { FacetToDecide } from '../decide-content.js'
import { facetScores, type Scoring } from '../score/facet-scores.js'
import type { Mondrian } from '../conformal/mondrian.js'
import type { MultiCoherence } from '../score/coherence.js'
import { certifyFacet, type CertifiedFacet, type TruthRow } from './certify-facet.js'
import { fitCalibrations } from './fit-calibrations.js'
import { fitCandidates, type CandidateRow } from './fit-candidates.js'
import { isForCalibration, type LabelledContent } from './labelled-content.js'
import { riskCurves, type FacetCurves } from './risk-curves.js'

/** Promises that are asked for, and how likely it may be that one of them does not hold. */
export interface Promises {
  readonly targets: readonly PolicyTarget[]
  readonly delta: number
  /** The truth may be missing from this share of the candidate sets. */
  readonly candidateError?: number
  readonly coherence?: MultiCoherence | undefined
}

export interface FittedPolicy {
  readonly facets: Record<string, PolicyDocument['facets'][string]>
  readonly evidence: Pick<PolicyEvidence, 'calibrated' | 'certified'>
  /** By facet and mask, what was proven and what was not, with the number that would do. */
  readonly report: readonly CertifiedFacet[]
  /** By facet and mask, how error grows with what is published, on the contents of the proof. */
  readonly curves: Readonly<Record<string, Readonly<Record<Mask, FacetCurves>>>>
}

/**
 * Finds thresholds on three quarters of the truth. The calibrations stand on the other quarter, so that no content is used
 * twice.
 * @param calibrations by facet, as `fitCalibrations` makes them; without them they are fitted here
 * @throws TARGET_UNPROVEN where no target of any facet can be kept; CALIBRATION_REFUSED, DECISION_INPUT_INVALID
 */
export const fitPolicy = (
  facets: readonly FacetToDecide[],
  contents: readonly LabelledContent[],
  { targets, delta, ...rest }: Promises,
  calibrations?: Readonly<Record<string, Calibration>>,
): FittedPolicy => {
  assertTargets(facets, targets)
  const wanted = facets.filter(({ facet }) => targets.some((target) => target.facet === facet.id))
  // The promises hold together: every facet and mask has a share of delta.
  const masks = [...new Set(contents.map(({ mask }) => mask))].sort()
  const share = delta / Math.max(1, wanted.length * masks.length)
  const own = calibrations ?? fitCalibrations(wanted, contents).facets
  const fitted = wanted.map((labels) => {
    const calibration = Object.hasOwn(own, labels.facet.id) ? own[labels.facet.id] : undefined
    return fitFacet(labels, contents, { targets, delta: share, calibration, ...rest })
  })
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
    curves: Object.fromEntries(fitted.map(({ id, curves }) => [id, curves])),
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

const fitFacet = (
  labels: FacetToDecide,
  contents: readonly LabelledContent[],
  promises: Promises & { readonly calibration: Calibration | undefined },
) => {
  const { facet, leaves, temperature, role } = labels
  const tree = compileTree(facet, leaves)
  const own = contents.filter(({ truth, logits }) => truth[facet.id] !== undefined && logits[facet.id] !== undefined)
  const masks = [...new Set(own.map(({ mask }) => mask))].sort()
  const { targets, delta, candidateError = 0.1, coherence, calibration } = promises
  const multi = coherence === undefined || facet.kind === 'single' ? {} : { coherence }
  const scoring = { temperature, ...multi, ...(calibration === undefined ? {} : { calibration }) }
  const ofFacet = { alpha: candidateError, targets: targets.filter((target) => target.facet === facet.id), delta }
  const judged = masks.map((mask) => {
    const proof = own.filter((content) => content.mask === mask && !isForCalibration(content))
    const rows = truthRows(tree, facet.id, proof, scoring)
    return {
      mask,
      ...proveMask(labels, tree, rows, { mask, ...ofFacet }),
      curves: riskCurves(tree, truthRows(tree, facet.id, proof, { temperature: {} }), rows),
    }
  })
  const certified = judged.map((one) => one.certified)
  // What the pack knows and nobody labelled is said too: nothing was proven for it.
  const nothing = Object.keys(labels.publish).map((mask) => [mask, unlabelled] as const)
  const proven = certified.map(({ mask, publish }) => [mask, publish] as const)
  const publish = Object.fromEntries<Publish>([...nothing, ...proven])
  const sets = judged.flatMap(({ mask, candidates }) => (candidates === undefined ? [] : [[mask, candidates]]))
  return {
    id: facet.id,
    certified,
    curves: Object.fromEntries(judged.map(({ mask, curves }) => [mask, curves])),
    policy: {
      temperature,
      role,
      publish,
      ...multi,
      ...(calibration === undefined ? {} : { calibration }),
      ...(sets.length === 0 ? {} : { candidates: Object.fromEntries(sets) as Record<Mask, Mondrian> }),
    },
  }
}

const truthRows = (
  tree: TreeShape,
  facet: string,
  contents: readonly LabelledContent[],
  scoring: Scoring,
): (TruthRow & CandidateRow)[] => {
  const numbers = numbersOf(tree)
  return contents.map(({ contentHash, mask, logits, truth: ofFacets }) => {
    const truth = ofFacets[facet] ?? []
    const isTrue = truthOf(tree, numbers, truth)
    return {
      contentHash,
      truth,
      scores: facetScores(tree, logits[facet] ?? [], mask, scoring),
      isTrue: (node) => isTrue[node] === 1,
    }
  })
}

/** Thresholds of one mask, and the candidates of what they do not publish. */
const proveMask = (
  { facet, role }: FacetToDecide,
  tree: TreeShape,
  rows: readonly (TruthRow & CandidateRow)[],
  { mask, alpha, targets, delta }: { mask: Mask; alpha: number; targets: readonly PolicyTarget[]; delta: number },
) => {
  const certified = certifyFacet(tree, rows, { facet: facet.id, mask, targets, delta })
  const hasCandidates = facet.kind === 'single' && role === 'deciding'
  const candidates = hasCandidates ? fitCandidates(facet, tree, rows, { publish: certified.publish, alpha }) : undefined
  return { certified, candidates }
}
