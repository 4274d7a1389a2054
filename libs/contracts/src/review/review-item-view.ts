import { z } from 'zod'
import { Prediction } from '../contents/results.js'
import { response } from '../released.js'

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
  }),
)
export type ReviewItemView = z.infer<typeof ReviewItemView>

export const ReviewPage = response(
  'ReviewPage',
  z.object({ items: z.array(ReviewItemView), nextCursor: z.string().nullable() }),
)
export type ReviewPage = z.infer<typeof ReviewPage>
