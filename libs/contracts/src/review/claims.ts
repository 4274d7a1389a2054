import { z } from 'zod'
import { open, request, response } from '../released.js'
import { ReviewQueueName } from './review-queues.js'
import { ReviewTaskView } from './tasks.js'

const claim = z.strictObject({ itemId: z.uuid(), token: z.int().nonnegative() })
const claims = z.array(claim).min(1).max(20)

export const ClaimItems = request(
  'ClaimItems',
  z.strictObject({
    queue: ReviewQueueName.default('all'),
    count: z.int().min(1).max(5).default(3).describe('how many the caller holds afterwards, at most'),
  }),
)
export type ClaimItems = z.infer<typeof ClaimItems>

export const ClaimedItems = response(
  'ClaimedItems',
  z.object({
    claims: z.array(
      z.object({
        item: ReviewTaskView,
        token: z.int().describe('goes with everything that is done with the item'),
        leaseUntil: z.iso.datetime(),
      }),
    ),
  }),
)
export type ClaimedItems = z.infer<typeof ClaimedItems>

export const HeldClaims = request('HeldClaims', z.strictObject({ claims }))
export type HeldClaims = z.infer<typeof HeldClaims>

export const ClaimsKept = response(
  'ClaimsKept',
  z.object({
    held: z.array(z.object({ itemId: z.uuid(), leaseUntil: z.iso.datetime() })),
    lost: z.array(
      z.object({
        itemId: z.uuid(),
        because: open(z.enum(['expired', 'released', 'superseded', 'decided', 'deleted'])),
      }),
    ),
  }),
)
export type ClaimsKept = z.infer<typeof ClaimsKept>
export type ClaimLoss = ClaimsKept['lost'][number]['because']
