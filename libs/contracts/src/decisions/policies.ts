import { z } from 'zod'
import { storable } from '../contents/submission.js'
import { request, response } from '../released.js'
import { AuditShare, MultiCoherence } from './policy-document.js'
import { WantedCandidates } from './candidates.js'
import { PolicyTarget } from './policy-target.js'
import { WantedRouting } from './routing.js'

const Ref = z.string().describe('name/number')

/** Asks for thresholds that keep promises. */
export const DraftPolicy = request(
  'DraftPolicy',
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be a slug such as five-percent' })
      .max(60),
    targets: z.array(PolicyTarget).min(1).max(200),
    delta: z.number().gt(0).lte(0.5).default(0.1).describe('how likely it is at most that a promise does not hold'),
    auditShare: AuditShare.optional(),
    calibration: storable(100)
      .min(1)
      .optional()
      .describe('name/number or id of a calibration of the pack in force; without it one is fitted and stored'),
    candidates: WantedCandidates.optional(),
    coherence: MultiCoherence.optional(),
    routing: WantedRouting.optional().describe('who looks at what'),
  }),
)
export type DraftPolicy = z.infer<typeof DraftPolicy>

/** Brings a policy into force, if the one that the caller believes to be in force still is. */
export const ActivatePolicy = request(
  'ActivatePolicy',
  z.strictObject({ replaces: Ref.nullable().describe('the policy in force; null where the pack decides by itself') }),
)
export type ActivatePolicy = z.infer<typeof ActivatePolicy>

const Counts = z.object({ published: z.int(), 'published-ancestor': z.int(), review: z.int() })

/** What a policy would have made of contents that were decided already. */
export const PolicyReplay = z.object({
  contents: z.int().nonnegative(),
  undecidable: z.int().nonnegative().describe('results of the pack whose scores were not kept'),
  decisions: z.object({ before: Counts, after: Counts }),
  coverage: z.object({ before: z.number(), after: z.number() }).describe('share that is published, at any depth'),
  reviewMinutes: z
    .object({ before: z.number(), after: z.number() })
    .describe('reviewer minutes for the contents that were replayed'),
  judged: z
    .object({ contents: z.int(), published: z.int(), wrong: z.int() })
    .describe('of the contents with a truth: how many are published, and how many of those wrongly'),
  flips: z.array(
    z.object({
      facet: z.string(),
      before: z.string().nullable().describe('published path; null: none'),
      after: z.string().nullable(),
      contents: z.int(),
      examples: z.array(z.uuid()),
    }),
  ),
  classes: z
    .array(z.object({ facet: z.string(), node: z.string(), contents: z.int(), before: z.number(), after: z.number() }))
    .describe('coverage by the likeliest root'),
})
export type PolicyReplay = z.infer<typeof PolicyReplay>

export const PolicyView = response(
  'PolicyView',
  z.object({
    id: z.uuid(),
    ref: Ref,
    state: z.enum(['draft', 'replayed', 'active', 'retired']),
    pack: z.string(),
    // Not the schema of the document: readers pass over kinds of thresholds that come later.
    document: z.record(z.string(), z.unknown()).describe('targets, thresholds by facet and streams, and their proofs'),
    replay: PolicyReplay.nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    replayedAt: z.iso.datetime().nullable(),
    activatedBy: z.string().nullable(),
    activatedAt: z.iso.datetime().nullable(),
    retiredAt: z.iso.datetime().nullable(),
  }),
)
export type PolicyView = z.infer<typeof PolicyView>

export const PolicyPage = response(
  'PolicyPage',
  z.object({ items: z.array(PolicyView), nextCursor: z.string().nullable() }),
)
export type PolicyPage = z.infer<typeof PolicyPage>
