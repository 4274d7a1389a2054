import { z } from 'zod'

/** Classes that share a quantile. */
const CandidateGroup = z.object({
  node: z
    .string()
    .nullable()
    .describe('the class, or the branch under which rare ones are merged; null: the whole tree'),
  members: z.array(z.string()).readonly(),
  n: z.int().nonnegative().describe('contents of the proof'),
  quantile: z.number().nullable().describe('null: too few contents, so each of these classes is a candidate'),
})

/** How a facet's candidates are chosen, so that the truth is among them with 1 - alpha. */
export const CandidateRule = z.object({
  alpha: z.number().gt(0).lt(1),
  options: z.object({ penalty: z.number().min(0), rankFree: z.number().min(0) }),
  groups: z.array(CandidateGroup).readonly(),
})
export type CandidateRule = z.infer<typeof CandidateRule>

/** Candidate sets, as somebody asks for them. */
export const WantedCandidates = z.strictObject({
  error: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.1)
    .describe('the truth may be missing from this share of the candidate sets; without it 0.1'),
})
export type WantedCandidates = z.infer<typeof WantedCandidates>
