import { z } from 'zod'
import { request } from '../released.js'

// Lone surrogates and U+0000 are valid in JSON but in neither UTF-8 nor Postgres text.
/** Text that Postgres and UTF-8 can hold. */
export const storable = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), { error: 'contains U+0000 or a lone surrogate' })

/** What is known of the author when the video is submitted (prior signals; nothing that only exists after publishing). */
export const AuthorSignals = z
  .strictObject({
    authorId: storable(200).min(1).describe('stable identifier in your system'),
    displayName: storable(200).optional(),
    followers: z.int().nonnegative().optional(),
    verified: z.boolean().optional(),
    topics: z.array(storable(100).min(1)).max(20).optional().describe('what the author mostly posts about'),
    region: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional()
      .describe('ISO 3166-1 alpha-2'),
  })
  .describe('prior signals of the author')

/** How urgent a content is: somebody waits for it, or it is part of a large amount that may take its time. */
export const Priority = z.enum(['interactive', 'backfill'])
export type Priority = z.infer<typeof Priority>

/** The JSON part of a submission. Strict: an unknown field is an error, not a silent loss. */
export const SubmitContent = request(
  'SubmitContent',
  z.strictObject({
    title: storable(2_000).optional(),
    description: storable(20_000).optional(),
    ocrText: storable(50_000).optional().describe('text read off the picture'),
    asrText: storable(50_000).optional().describe('text heard in the sound'),
    author: AuthorSignals.optional(),
    externalId: storable(200).min(1).optional().describe('your own key; submitting it twice returns the first content'),
    language: z.enum(['zh', 'en']).default('zh'),
    priority: Priority.optional().describe(
      'interactive unless said otherwise; backfill waits for everything interactive',
    ),
  }),
)
export type SubmitContent = z.infer<typeof SubmitContent>

const textFields = ['title', 'description', 'ocrText', 'asrText'] as const

/** The one text that the text encoder sees; empty when the content has none. */
export const joinText = (submission: Partial<Record<(typeof textFields)[number], string | undefined>>): string =>
  textFields
    .map((field) => submission[field]?.trim() ?? '')
    .filter((text) => text.length > 0)
    .join(' ')
