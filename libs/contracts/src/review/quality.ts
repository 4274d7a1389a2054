import { z } from 'zod'
import { response } from '../released.js'

const share = z.number().min(0).max(1)

/** What reviewers did in the last days, and how far they agree. */
export const ReviewQuality = response(
  'ReviewQuality',
  z.object({
    days: z.int().positive(),
    reviewers: z.array(
      z.object({
        who: z.string(),
        verdicts: z.int().nonnegative().describe('accepted, corrected or rejected'),
        skipped: z.int().nonnegative(),
        escalated: z.int().nonnegative(),
        undone: z.int().nonnegative(),
        perHour: z.number().nullable().describe('verdicts an hour of work; null: none'),
        medianSeconds: z
          .number()
          .nullable()
          .describe('from the claim, or the verdict before where that was later, to the verdict'),
        overrideRate: share.nullable().describe('of the verdicts: something else than the suggestion'),
      }),
    ),
    agreement: z
      .array(z.object({ one: z.string(), other: z.string(), items: z.int(), agreed: z.int() }))
      .describe('of each pair who looked at the same items without knowing of each other'),
    doubleReviewed: z.int().nonnegative(),
    agreementRate: share.nullable(),
    kappa: z
      .number()
      .nullable()
      .describe("agreement beyond chance, Fleiss' kappa of two answers an item; null: too few, or nobody ever differs"),
    confused: z
      .array(z.object({ facet: z.string(), suggested: z.string(), said: z.string().nullable(), count: z.int() }))
      .describe('what was suggested and what was said instead, the most frequent first; null: nothing of the facet'),
  }),
)
export type ReviewQuality = z.infer<typeof ReviewQuality>
