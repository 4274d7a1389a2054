import { z } from 'zod'

const share = z.number().min(0).max(1)

/** A node of any facet. */
export const FacetNode = z
  .string()
  .max(201)
  .regex(/^[^:\s]+:[^:\s]+$/, { error: 'must be facet:node, such as subject:weapons' })

/** Contents that a person looks at, whatever the scores say. A rule that is not named is off. */
export const RoutingRules = z.strictObject({
  sensitive: z
    .strictObject({
      tree: z.boolean().default(false).describe('every node that the tree marks as sensitive'),
      nodes: z.array(FacetNode).max(1_000).default([]).describe('further nodes, each with everything under it'),
    })
    .optional(),
  newAuthor: z
    .strictObject({ contentsMin: z.int().min(1).max(1_000).describe('an author with fewer contents before is new') })
    .optional(),
  novelty: z
    .strictObject({ max: share.describe('quantile of the distance to the labelled contents, such as 0.99') })
    .optional(),
  disagreement: z
    .strictObject({ max: share.describe('total variation between the streams, each decided alone') })
    .optional(),
  damagedFrames: z.strictObject({ max: share.describe('share of the packets that could not be decoded') }).optional(),
})
export type RoutingRules = z.infer<typeof RoutingRules>

const cost = z.number().min(0).max(1_000_000)

/** What a wrong tag costs, in any unit that is the same for all. */
export const RoutingCosts = z.strictObject({
  default: cost.default(1),
  nodes: z.record(FacetNode, cost).default({}).describe('of a node and what is under it, unless that has its own'),
})
export type RoutingCosts = z.infer<typeof RoutingCosts>

/** Who looks at what, as somebody asks for it. */
export const WantedRouting = z.strictObject({ rules: RoutingRules.optional(), costs: RoutingCosts.optional() })
export type WantedRouting = z.infer<typeof WantedRouting>

/** Where the labelled contents lie, so that one far from all of them is noticed. */
export const NoveltyModel = z.object({
  facets: z.array(z.string()).describe('whose logits are joined, in this order'),
  mean: z.array(z.number()),
  axes: z
    .array(z.array(z.number()))
    .describe('directions in which labelled contents differ most; each over all logits'),
  neighbour: z.int().positive().describe('the distance is the one to this neighbour, counted from 1'),
  points: z.array(z.array(z.number())).describe('labelled contents along the axes'),
  distances: z.array(z.number().nonnegative()).describe('of other labelled contents, ascending'),
})
export type NoveltyModel = z.infer<typeof NoveltyModel>

/** Who looks at what, as a policy holds it. */
export const PolicyRouting = WantedRouting.extend({
  novelty: z.record(z.string(), NoveltyModel).optional().describe('by the streams of a content'),
})
export type PolicyRouting = z.infer<typeof PolicyRouting>

/** Why a person looks at a content: a rule with what it saw and its limit. */
export const RuleHit = z.object({
  rule: z.string().describe('sensitive-node, new-author, novelty, disagreement or frames-damaged'),
  node: z.string().optional().describe('facet:node, of sensitive-node'),
  value: z.number().optional(),
  limit: z.number().optional(),
})
export type RuleHit = z.infer<typeof RuleHit>

/** What is promised of a content's candidates. */
export const CandidateSet = z.object({
  coverage: z
    .number()
    .nullable()
    .describe('the truth of each facet is among its candidates with this probability; null: not promised'),
  unit: z.number().min(0).lt(1).describe('the random number of the content, by which the set can be computed again'),
  leftOut: z.int().nonnegative().describe('candidates that are not shown because there are too many'),
})
export type CandidateSet = z.infer<typeof CandidateSet>
