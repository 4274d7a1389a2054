import { z } from 'zod'
import { open } from '../released.js'

/** Who gave a result, where it was not the model by itself. */
export const Origin = z.object({
  kind: open(z.enum(['model', 'review'])),
  by: z.string().describe('an id, never a name'),
  verdict: z.uuid().describe('of the reviewer'),
  reason: z.string().optional().describe('the code that the reviewer gave; undone: a verdict was taken back'),
})
export type Origin = z.infer<typeof Origin>
