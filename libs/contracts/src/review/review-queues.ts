import { z } from 'zod'
import { Priority, storable } from '../contents/submission.js'
import { Names } from '../contents/results.js'
import { request, response } from '../released.js'

export const ReviewQueueName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/)

/** Which items a queue wants: those for which everything holds that it says. */
export const ReviewQueueRule = z.strictObject({
  facet: storable(100).min(1).optional().describe('whose likeliest tag counts for `under`'),
  under: storable(1_000).min(1).optional().describe('the likeliest tag is this path, or lies under it'),
  language: z.enum(['zh', 'en']).optional(),
  priority: Priority.optional(),
  sensitive: z.boolean().optional().describe('a rule for sensitive nodes sent it'),
})
export type ReviewQueueRule = z.infer<typeof ReviewQueueRule>

export const PutReviewQueue = request(
  'PutReviewQueue',
  z
    .strictObject({
      title: z.strictObject({ zh: storable(100).min(1), en: storable(100).min(1) }),
      rule: ReviewQueueRule.default({}),
      paused: z.boolean().default(false).describe('nothing of it is handed out'),
      doubleShare: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('of its items: two people look at each without knowing of the other, and a lead where they differ'),
    })
    .refine(({ rule }) => rule.under === undefined || rule.facet !== undefined, {
      error: 'under needs its facet',
      path: ['rule', 'facet'],
    }),
)
export type PutReviewQueue = z.infer<typeof PutReviewQueue>

export const ReviewQueueView = z.object({
  name: z.string(),
  title: Names,
  rule: ReviewQueueRule.partial(),
  open: z.int().nonnegative().describe('items that wait for a person, also those that somebody holds'),
  claimed: z.int().nonnegative(),
  late: z.int().nonnegative().describe('older than the SLA of the review capacity; 0 where nobody has said one'),
  oldestAt: z.iso.datetime().nullable(),
  paused: z.boolean(),
  doubleShare: z.number().optional(),
})
export type ReviewQueueView = z.infer<typeof ReviewQueueView>

export const ReviewQueues = response(
  'ReviewQueues',
  z.object({ queues: z.array(ReviewQueueView).describe('all is every item; the others share them out') }),
)
export type ReviewQueues = z.infer<typeof ReviewQueues>
