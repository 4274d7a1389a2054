import { z } from 'zod'
import { RuleHit } from '../decisions/routing.js'
import { open, response } from '../released.js'
import { Prediction } from './results.js'

/** `model`: a head ran. `redecision`: decided anew from stored scores. `review`: a person said so, whom `origin` names. */
const DecidedBy = open(z.enum(['model', 'redecision', 'review']))

/** What `GET /v1/contents/{id}/history` answers: the results that a content has had. */
export const ContentHistory = response(
  'ContentHistory',
  z.object({
    items: z.array(
      Prediction.extend({
        decidedBy: DecidedBy,
        because: z.array(RuleHit).nullable().describe('the rules that sent it to a person'),
        review: z
          .object({ itemId: z.uuid(), reason: z.string(), state: z.string() })
          .nullable()
          .describe('the review item of this result'),
      }),
    ),
  }),
)
export type ContentHistory = z.infer<typeof ContentHistory>
