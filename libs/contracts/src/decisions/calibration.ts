import { z } from 'zod'

const Temperature = z.object({ kind: z.literal('temperature'), t: z.number().positive() })
const Vector = z.object({
  kind: z.literal('vector'),
  w: z.array(z.number()).readonly(),
  b: z.array(z.number()).readonly(),
})
const Platt = z.object({ kind: z.literal('platt'), a: z.number(), b: z.number() })
const Beta = z.object({ kind: z.literal('beta'), a: z.number().min(0), b: z.number().min(0), c: z.number() })
const Isotonic = z.object({
  kind: z.literal('isotonic'),
  x: z.array(z.number()).readonly(),
  y: z.array(z.number()).readonly(),
})

/** How one node is calibrated, and by how much truth. */
const NodeCalibration = z.object({
  calibrator: z.discriminatedUnion('kind', [Temperature, Platt, Beta, Isotonic]),
  positives: z.int().nonnegative(),
  negatives: z.int().nonnegative(),
  pooledUnder: z.string().nullable().describe('the parent under which siblings were fitted together'),
})

/** What was fitted on the truth of one facet, by mask. */
export const Calibration = z.object({
  kind: z.enum(['single', 'multi']),
  masks: z.record(
    z.string(),
    z.object({
      rows: z.int().nonnegative(),
      temperature: Temperature,
      vector: Vector.optional().describe(
        'a weight and an offset for each logit, in the order of the leaves of the pack',
      ),
      nodes: z.record(z.string(), NodeCalibration),
    }),
  ),
})
export type Calibration = z.infer<typeof Calibration>
