import { z } from 'zod'
import { request, response } from '../released.js'

const capacity = {
  reviewers: z.number().min(0).max(100_000).describe('who are on duty now; half a person is 0.5'),
  slaMinutes: z.number().min(1).max(525_600).describe('within which an item is to be looked at'),
  minutesPerItem: z.number().min(0.01).max(1_440).describe('what one item takes a reviewer'),
}

/** What reviewers can do now. */
export const ReviewCapacity = request(
  'ReviewCapacity',
  z.strictObject({ ...capacity, minutesPerItem: capacity.minutesPerItem.default(0.5) }),
)
export type ReviewCapacity = z.infer<typeof ReviewCapacity>

export const ReviewCapacityView = response(
  'ReviewCapacityView',
  z.object({ ...capacity, setBy: z.string(), setAt: z.iso.datetime() }),
)
export type ReviewCapacityView = z.infer<typeof ReviewCapacityView>

/** What came of the last routing of a workspace's open items. */
export const ReviewRouting = response(
  'ReviewRouting',
  z.object({
    routedAt: z.iso.datetime(),
    policy: z.string().nullable().describe('whose costs counted, name/number; null: none, each error costs 1'),
    items: z.object({ review: z.int(), decide: z.int(), hold: z.int() }),
    late: z.int().nonnegative().describe('open items that are older than the SLA'),
    minutePrice: z.number().describe('expected cost that one more minute of a reviewer would avoid'),
    minutesUsed: z.number(),
    costAvoided: z.number().describe('expected cost that the reviews avoid'),
    costLeft: z.number().describe('expected cost of what nobody looks at'),
  }),
)
export type ReviewRouting = z.infer<typeof ReviewRouting>
