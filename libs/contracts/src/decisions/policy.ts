import { z } from 'zod'

/** As `maskOf` writes it: `text+video`, `text`, `video`. */
const Mask = z.string().regex(/^[a-z0-9-]+(\+[a-z0-9-]+)*$/)

/** One promise and its proof. */
const CertifiedGroup = z.object({
  under: z
    .string()
    .nullable()
    .describe('contents whose likeliest leaf is at or below this node; null: all that no other group has'),
  error: z.number().gt(0).lt(1).describe('what was asked: at most this share of what is published is wrong'),
  at: z.number().min(0).max(1).describe('the calibrated probability from which a node is published'),
  n: z.int().nonnegative().describe('contents of the proof that it publishes'),
  k: z.int().nonnegative().describe('how many of those were wrong'),
  bound: z.number().min(0).max(1).describe('upper bound of the error'),
  level: z.number().gt(0).lt(1).describe('how likely it is at most that this promise does not hold'),
})
export type CertifiedGroup = z.infer<typeof CertifiedGroup>

/** Contents of which nothing is published, and which no other group takes in their place. */
const ReviewedGroup = CertifiedGroup.pick({ under: true }).extend({
  because: z.string().min(1).describe('what was not proven, or which promise was broken'),
})
export type ReviewedGroup = z.infer<typeof ReviewedGroup>

/** What makes a node sure enough to be published. A new kind is an entry here and a strategy in libs/decisions. */
export const Publish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never'), because: z.string().min(1).describe('why a person decides, in words') }),
  z.object({
    kind: z.literal('threshold'),
    at: z.number().min(0).max(1).describe('a node is published when its calibrated probability reaches this'),
  }),
  z.object({
    kind: z.literal('short-video'),
    from: z
      .array(z.number().min(0).max(1))
      .min(1)
      .max(10)
      .describe('by rank: what the sigmoid of a logit must reach; 0, 0.5, 0.5 gives one to three labels'),
  }),
  z.object({
    kind: z.literal('top-n'),
    n: z.int().min(1).max(10).describe('how many leaves are published at most'),
    at: z.number().min(0).max(1).describe('a leaf is published when its calibrated probability reaches this'),
  }),
  z.object({
    kind: z.literal('thresholds'),
    at: z
      .record(z.string().min(1), z.number().min(0).max(1))
      .describe('by node: the calibrated probability from which it is published; a node not listed never is'),
  }),
  z.object({
    kind: z.literal('certified'),
    delta: z.number().gt(0).lt(1).describe('how likely it is at most that one of the promises does not hold'),
    groups: z.array(CertifiedGroup).min(1),
    toReview: z.array(ReviewedGroup).optional().describe('groups whose contents all go to review'),
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
