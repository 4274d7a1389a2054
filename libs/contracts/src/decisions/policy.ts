import { z } from 'zod'

/** As `maskOf` writes it: `text+video`, `text`, `video`. */
const Mask = z.string().regex(/^[a-z0-9-]+(\+[a-z0-9-]+)*$/)

/** What makes a node sure enough to be published. A new kind is an entry here and a strategy in libs/decisions. */
export const Publish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never'), because: z.string().min(1).describe('why a person decides, in words') }),
  z.object({
    kind: z.literal('threshold'),
    at: z.number().min(0).max(1).describe('a node is published when its calibrated probability reaches this'),
  }),
])
export type Publish = z.infer<typeof Publish>

/**
 * How a facet's logits become tags, by the streams that are present. A mask that is not listed was never fitted: its
 * logits are taken as they are, with temperature 1, and nothing is published.
 */
export const FacetPolicy = z.object({
  temperature: z.record(Mask, z.number().positive()),
  publish: z.record(Mask, Publish),
  role: z
    .enum(['deciding', 'advisory'])
    .describe('advisory: published where it is sure enough, and never a reason for a review'),
})
export type FacetPolicy = z.infer<typeof FacetPolicy>
