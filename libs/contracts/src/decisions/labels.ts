import { z } from 'zod'
import { storable } from '../contents/submission.js'
import { TaxonomyRef } from '../packs/fields.js'
import { open, request, response } from '../released.js'

/** Where a label comes from. `gold`: made to be right, by several people or an expert. */
export const LabelSource = z.enum(['import', 'review', 'audit', 'gold'])
export type LabelSource = z.infer<typeof LabelSource>

const fields = {
  facet: storable(100).min(1),
  path: storable(1_000)
    .min(1)
    .nullable()
    .describe("node ids from the root, joined by '/'; null: none of the facet's nodes fits"),
  taxonomy: TaxonomyRef.optional().describe('the tree that the path is of; the one in force unless given'),
  source: LabelSource,
  // A name that starts with an apostrophe could not be told from one that a CSV file guards.
  who: storable(200)
    .min(1)
    .refine((name) => !/^'|\p{Cc}/u.test(name), { error: 'starts with an apostrophe, or contains a control character' })
    .optional()
    .describe('who says so: a person, a team or a tool; the calling key unless given'),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'when it was said, now unless given; with the rest it tells a repetition, so give it if you may send again',
    ),
  propensity: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('probability with which the content was chosen to be looked at, from 0.001; null: unknown'),
}

const references = ['contentId', 'externalId', 'videoSha256'] as const

/** What somebody says that a content is. A facet of kind `multi` takes one label for each node. */
export const NewLabel = z
  .strictObject({
    contentId: z.uuid().optional(),
    externalId: storable(200).min(1).optional(),
    videoSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('refused where several contents have this video'),
    ...fields,
  })
  .refine((label) => references.filter((name) => label[name] !== undefined).length === 1, {
    error: `names its content by one of ${references.join(', ')}`,
  })
export type NewLabel = z.infer<typeof NewLabel>

/**
 * Labels are thinned to the smallest propensity, or weighted by its inverse: one of 1e-300 would leave nothing of all
 * others. Whoever looks at fewer than one in a thousand gives no propensity.
 */
export const propensityMin = 0.001

/** Labels that are stored at once. */
export const labelsMax = 1_000

export const NewLabels = request('NewLabels', z.array(NewLabel).min(1).max(labelsMax))

/** Why a label is refused. */
export const LabelRefusal = z.enum([
  'malformed',
  'content-unknown',
  'content-ambiguous',
  'taxonomy-unknown',
  'facet-unknown',
  'node-unknown',
  'contradiction',
  'propensity-too-small',
])
export type LabelRefusal = z.infer<typeof LabelRefusal>

const LabelResult = z.object({
  outcome: open(z.enum(['stored', 'known', 'refused'])).describe('known: this very label had been stored before'),
  reason: open(LabelRefusal).nullable().describe('why it was refused'),
  detail: z.string().nullable(),
})
export type LabelResult = z.infer<typeof LabelResult>

export const LabelResults = response(
  'LabelResults',
  z.object({
    stored: z.int(),
    known: z.int(),
    refused: z.int(),
    results: z.array(LabelResult).describe('one for each label, in the order of the request'),
  }),
)
export type LabelResults = z.infer<typeof LabelResults>

export const LabelView = response(
  'LabelView',
  z.object({
    id: z.uuid(),
    contentId: z.uuid(),
    externalId: z.string().nullable(),
    facet: z.string(),
    path: z.string().nullable().describe("null: none of the facet's nodes fits"),
    taxonomy: z.string(),
    source: open(LabelSource),
    who: z.string(),
    at: z.iso.datetime(),
    propensity: z.number().nullable(),
    createdAt: z.iso.datetime(),
    supersededAt: z.iso
      .datetime()
      .nullable()
      .describe('since when a later word of the same source on the same content and facet counts instead'),
  }),
)
export type LabelView = z.infer<typeof LabelView>

export const LabelPage = response(
  'LabelPage',
  z.object({ items: z.array(LabelView), nextCursor: z.string().nullable() }),
)
export type LabelPage = z.infer<typeof LabelPage>
