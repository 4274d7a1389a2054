import { z } from 'zod'
import { ref, slug, text } from '../source/schema.js'
import { Weights } from '../versions/migration-schema.js'

const Candidate = z.strictObject({ to: slug, similarity: z.number() })

/** One class of the other vocabulary. Without `to` it is a proposal, which is refused until a person writes `to`. */
const MappedClass = z.strictObject({
  from: text,
  /** A node, or several with weights that sum to 1. */
  to: z.union([slug, Weights], { error: 'must be a node, or nodes with weights above 0' }).optional(),
  /** What the proposer found, the likeliest first. */
  proposed: z.array(Candidate).optional(),
})

/** How the classes of another vocabulary become nodes of one facet. */
export const MappingSource = z.strictObject({
  format: z.literal(1),
  name: slug,
  version: z.int().positive(),
  source: z.strictObject({
    name: text,
    version: text.optional(),
    /** All of them, in the order of the other model's output. Each has to be mapped or unmapped. */
    classes: z.array(text).min(1, { error: 'is empty: list every class of the vocabulary' }),
  }),
  taxonomy: ref,
  facet: slug,
  classes: z.array(MappedClass),
  /** Classes that have no node, by reason. */
  unmapped: z.array(z.strictObject({ because: text, classes: z.array(text).min(1, { error: 'is empty' }) })).optional(),
})
export type MappingSource = z.infer<typeof MappingSource>
export type CandidateNode = z.infer<typeof Candidate>
