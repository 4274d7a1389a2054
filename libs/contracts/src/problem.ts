import { z } from 'zod'
import { response } from './released.js'

/** RFC 9457 problem document. */
export const Problem = response(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    remedy: z.string(),
    instance: z.string().optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
)
export type Problem = z.infer<typeof Problem>
