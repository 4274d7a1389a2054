import { z } from 'zod'
import { stored } from '../released.js'

const Curve = z
  .array(z.object({ threshold: z.number(), coverage: z.number(), risk: z.number() }))
  .readonly()
  .describe('from the strictest threshold to the loosest')

const FacetCurves = z.object({
  items: z.int().nonnegative().describe('contents of the proof; tags of those in a multi facet'),
  right: z.int().nonnegative().describe('how many are right: an oracle would publish these first'),
  before: Curve.describe("by the head's own confidence"),
  after: Curve.describe('by the calibrated confidence'),
})

/** How error grows with what is published, by facet and streams, on the contents that the thresholds were proven on. */
export const PolicyCurves = stored('PolicyCurves', z.record(z.string(), z.record(z.string(), FacetCurves)))
export type PolicyCurves = z.infer<typeof PolicyCurves>
