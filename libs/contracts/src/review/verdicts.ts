import { z } from 'zod'
import { storable } from '../contents/submission.js'
import { open, request, response } from '../released.js'

/** A node of a facet that a reviewer chose. */
export const ChosenTag = z.object({
  facet: storable(100).min(1),
  path: storable(1_000).min(1).describe("node ids from the root, joined by '/'"),
})
export type ChosenTag = z.infer<typeof ChosenTag>

/** Where in the video it can be seen. */
export const EvidenceRange = z
  .strictObject({ startMs: z.int().nonnegative(), endMs: z.int().nonnegative() })
  .refine(({ startMs, endMs }) => startMs <= endMs, { error: 'ends before it starts' })

export const VerdictAction = z.enum(['accept', 'correct', 'reject', 'skip', 'escalate'])
export type VerdictAction = z.infer<typeof VerdictAction>

export const NewVerdict = request(
  'NewVerdict',
  z
    .strictObject({
      id: z.uuid().describe('made by the client; the same id again is the same verdict'),
      itemId: z.uuid(),
      token: z.int().nonnegative().describe('of the claim'),
      action: VerdictAction,
      tags: z
        .array(z.strictObject(ChosenTag.shape))
        .max(100)
        .optional()
        .describe(
          'what is true; accept without them takes what is suggested; facets that are not named stay as suggested',
        ),
      reason: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,59}$/)
        .optional()
        .describe('a code, such as wrong-topic'),
      note: storable(4_000).optional(),
      evidence: z.array(EvidenceRange).max(20).optional(),
    })
    .refine(({ action, tags = [] }) => action !== 'correct' || tags.length > 0, {
      error: 'correct names the tags that are true',
      path: ['tags'],
    })
    .refine(({ action, tags }) => action === 'correct' || action === 'accept' || tags === undefined, {
      error: 'only accept and correct have tags',
      path: ['tags'],
    }),
)
export type NewVerdict = z.infer<typeof NewVerdict>

export const VerdictView = response(
  'VerdictView',
  z.object({
    id: z.uuid(),
    itemId: z.uuid(),
    contentId: z.uuid(),
    action: open(VerdictAction),
    tags: z.array(ChosenTag).describe('what is published by it'),
    suggested: z.array(ChosenTag).describe('what was suggested'),
    reason: z.string().nullable(),
    note: z.string().nullable(),
    evidence: z.array(z.object({ startMs: z.int(), endMs: z.int() })),
    who: z.string(),
    at: z.iso.datetime(),
    state: open(z.enum(['waiting', 'published', 'undone', 'none'])).describe(
      'waiting: it is published at publishesAt and can be undone freely; none: it publishes nothing',
    ),
    publishesAt: z.iso.datetime().nullable(),
    revision: z.int().nullable().describe('of the content, once it is published'),
    undoneBy: z.string().nullable(),
    undoneAt: z.iso.datetime().nullable(),
  }),
)
export type VerdictView = z.infer<typeof VerdictView>

export const VerdictPage = response(
  'VerdictPage',
  z.object({ items: z.array(VerdictView), nextCursor: z.string().nullable() }),
)
export type VerdictPage = z.infer<typeof VerdictPage>
