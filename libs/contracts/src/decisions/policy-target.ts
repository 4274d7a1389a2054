import { z } from 'zod'

/** What is promised, of a facet or of one of its branches. */
export const PolicyTarget = z.strictObject({
  facet: z.string().min(1).max(100),
  under: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('id of a node: the promise is for contents whose likeliest leaf is below it; without it, for all others'),
  error: z.number().gt(0).lt(0.5).describe('of what is published at most this share is wrong'),
})
export type PolicyTarget = z.infer<typeof PolicyTarget>
