import { z } from 'zod'
import { open, request, response, stored } from '../released.js'
import { Calibration } from './calibration.js'

const Ref = z.string().describe('name/number')

/** Which map turns scores into probabilities; `auto`: the data of each class and set of streams choose. */
export const CalibrationFamily = z.enum(['auto', 'temperature', 'vector', 'platt', 'beta', 'isotonic'])
export type CalibrationFamily = z.infer<typeof CalibrationFamily>

/** Why a calibration was fitted. */
export const CalibrationReason = z.enum(['asked', 'draft', 'grown'])
export type CalibrationReason = z.infer<typeof CalibrationReason>

/** Asks for a calibration on the truth of the workspace. */
export const FitCalibration = request(
  'FitCalibration',
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be a slug such as by-class' })
      .max(60)
      .default('calibration'),
    family: CalibrationFamily.default('auto'),
  }),
)
export type FitCalibration = z.infer<typeof FitCalibration>

const Bin = z.object({
  from: z.number(),
  to: z.number(),
  count: z.int().nonnegative(),
  confidence: z.number().describe('mean of what was said'),
  frequency: z.number().describe('share that was true'),
})

const Quality = z.object({
  ece: z.number().describe('expected calibration error over all leaves'),
  classwiseEce: z.number().describe('mean of the calibration errors of the leaves that are true of some content'),
  nll: z.number().describe('mean log loss over leaves and contents, natural logarithm'),
  brier: z.number().describe('mean squared distance over leaves and contents'),
  macroF1: z.number(),
  topEce: z.number().describe('expected calibration error of the likeliest leaf'),
  topReliability: z.array(Bin).readonly(),
})

const MaskReport = z.object({
  rows: z.int().nonnegative().describe('contents that it was measured on, each by a fit that did not see it'),
  before: Quality.describe("of the head's own softmax or sigmoid"),
  after: Quality,
  classes: z
    .array(z.object({ node: z.string(), positives: z.int(), eceBefore: z.number(), eceAfter: z.number() }))
    .readonly()
    .describe('the leaves that are true of some content'),
})

/** A calibration of the scores of one pack: what was fitted, on what, and how well it does on what it was not fitted on. */
export const CalibrationDocument = stored(
  'CalibrationDocument',
  z.object({
    format: z.literal(1),
    pack: z.string().describe('the only pack whose scores it calibrates'),
    taxonomy: z.string().describe('the tree that its labels are of, name/version'),
    family: CalibrationFamily.describe('what was asked for'),
    facets: z.record(z.string(), Calibration),
    report: z.record(z.string(), z.record(z.string(), MaskReport)).describe('by facet and streams'),
    evidence: z.object({
      labelled: z.int().nonnegative().describe('contents with a truth and scores of the pack'),
      calibrated: z.int().nonnegative().describe('contents of the part that it was fitted on; no proof uses them'),
      leftOut: z.record(z.string(), z.int().nonnegative()).describe('labelled contents not used, by the reason'),
      notCalibrated: z
        .array(z.object({ facet: z.string(), mask: z.string(), has: z.int(), needs: z.int(), detail: z.string() }))
        .readonly()
        .describe("facets and streams that keep the pack's own temperature, and why"),
    }),
  }),
)
export type CalibrationDocument = z.infer<typeof CalibrationDocument>

const summary = {
  id: z.uuid(),
  ref: Ref,
  pack: z.string(),
  taxonomy: z.string(),
  family: open(CalibrationFamily),
  because: open(CalibrationReason).describe('grown: there was enough new truth; draft: a policy needed one'),
  contents: z.int().describe('contents that it was fitted on'),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
}

export const CalibrationView = response(
  'CalibrationView',
  z.object({
    ...summary,
    // Not the schema of the document: readers pass over maps that come later.
    document: z.record(z.string(), z.unknown()).describe('maps by facet, streams and class; report; evidence'),
  }),
)
export type CalibrationView = z.infer<typeof CalibrationView>

export const CalibrationPage = response(
  'CalibrationPage',
  z.object({ items: z.array(z.object(summary)), nextCursor: z.string().nullable() }),
)
export type CalibrationPage = z.infer<typeof CalibrationPage>
