import { z } from 'zod'
import { stored } from '../released.js'
import { Calibration } from './calibration.js'
import { CandidateRule } from './candidates.js'
import { FacetPolicy } from './policy.js'
import { PolicyTarget } from './policy-target.js'
import { PolicyRouting } from './routing.js'

export const AuditShare = z
  .number()
  .min(0)
  .max(1)
  .describe('share of what the policy publishes that goes to blind review; without it, AUDIT_SHARE')

export const MultiCoherence = z
  .enum(['max-up', 'min-down'])
  .describe('of a multi facet: a parent rises to its likeliest child, or a child falls to its parent')

/** What the thresholds of a policy were found on. */
export const PolicyEvidence = z.object({
  labelled: z.int().nonnegative().describe('contents with a truth and scores of the pack'),
  calibrated: z.int().nonnegative().describe('contents that the calibration was fitted on'),
  certified: z.int().nonnegative().describe('contents that the thresholds were tested on: none of those'),
  leftOut: z
    .record(z.string(), z.int().nonnegative())
    .describe('labelled contents that could not be used, by the reason'),
})
export type PolicyEvidence = z.infer<typeof PolicyEvidence>

/** A policy of a workspace: what takes the place of what its pack says of each facet. */
export const PolicyDocument = stored(
  'PolicyDocument',
  z.object({
    format: z.literal(1),
    pack: z.string().describe('the only pack whose scores it decides on'),
    targets: z.array(PolicyTarget),
    delta: z.number().gt(0).lt(1).describe('how likely it is at most that a promise does not hold'),
    facets: z.record(
      z.string(),
      FacetPolicy.extend({
        calibration: Calibration.optional(),
        coherence: MultiCoherence.optional(),
        candidates: z.record(z.string(), CandidateRule).optional().describe('by the streams of a content'),
      }),
    ),
    evidence: PolicyEvidence,
    auditShare: AuditShare.optional(),
    calibration: z
      .string()
      .optional()
      .describe('name/number of the calibration that its probabilities come from; absent where the pack has its own'),
    routing: PolicyRouting.optional().describe('who looks at what'),
  }),
)
export type PolicyDocument = z.infer<typeof PolicyDocument>
