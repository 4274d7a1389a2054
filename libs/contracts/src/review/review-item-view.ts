import { z } from 'zod'
import { Prediction } from '../contents/results.js'
import { RuleHit } from '../decisions/routing.js'
import { open, response } from '../released.js'

/** Why an item was routed as it was, when that was last decided. */
const RouteReason = z.object({
  rules: z.array(RuleHit).optional(),
  perMinute: z.number().optional().describe('expected cost that a minute on this item avoids'),
  price: z.number().optional().describe('expected cost that one more minute of a reviewer would avoid'),
})

export const ReviewItemView = response(
  'ReviewItemView',
  z.object({
    id: z.uuid(),
    contentId: z.uuid(),
    revision: z.int().positive(),
    reason: z.enum(['uncertain', 'ancestor-only']),
    state: z.enum(['open', 'superseded']),
    title: z.string().nullable(),
    tags: Prediction.shape.tags,
    createdAt: z.iso.datetime(),
    candidateCoverage: z
      .number()
      .nullable()
      .optional()
      .describe('the truth of each facet is among its candidates with this probability; null: not promised'),
    candidateUnit: z.number().nullable().optional().describe('by which the candidate set can be computed again'),
    candidatesLeftOut: z.int().nonnegative().optional().describe('candidates that are too many to be shown'),
    rules: z.array(RuleHit).optional().describe('for which a person looks, whatever the scores say'),
    route: open(z.enum(['review', 'decide', 'hold']))
      .nullable()
      .optional()
      .describe('decide: what the machine decided stands, until there is more capacity; null: not routed yet'),
    because: RouteReason.nullable().optional(),
    rank: z.number().optional().describe('the smaller, the earlier; it is not a place'),
    routedBy: z.string().nullable().optional().describe('the policy whose costs counted, name/number; null: none'),
  }),
)
export type ReviewItemView = z.infer<typeof ReviewItemView>

export const ReviewPage = response(
  'ReviewPage',
  z.object({ items: z.array(ReviewItemView), nextCursor: z.string().nullable() }),
)
export type ReviewPage = z.infer<typeof ReviewPage>
