import { z } from 'zod'
import { storable } from '../contents/submission.js'
import { Versions } from '../contents/results.js'
import { Priority } from '../contents/submission.js'
import { PolicyTarget } from '../decisions/policy-target.js'
import { open, request, response } from '../released.js'
import { ReviewItemView } from './review-item-view.js'
import { ChosenTag, EvidenceRange } from './verdicts.js'

/** What a reviewer has chosen and typed, and not sent yet. */
export const ReviewDraft = z.strictObject({
  tags: z.array(z.strictObject(ChosenTag.shape)).max(100).optional(),
  note: storable(4_000).optional(),
  evidence: z.array(EvidenceRange).max(20).optional(),
})
export type ReviewDraft = z.infer<typeof ReviewDraft>

export const KeepDraft = request(
  'KeepDraft',
  z.strictObject({ token: z.int().nonnegative().describe('of the claim'), draft: ReviewDraft }),
)
export type KeepDraft = z.infer<typeof KeepDraft>

export const AddNote = request('AddNote', z.strictObject({ text: storable(4_000).min(1) }))
export type AddNote = z.infer<typeof AddNote>

const text = z.string().nullable()

/** A review item with all that a reviewer needs to decide it. */
export const ReviewTaskView = response(
  'ReviewTaskView',
  z.object({
    ...ReviewItemView.shape,
    state: open(z.enum(['open', 'decided', 'superseded'])),
    text: z.object({
      title: text,
      description: text,
      ocr: text,
      asr: text,
      author: z.object({ id: z.string(), name: text }).nullable(),
    }),
    language: z.string(),
    frames: z.array(z.object({ timeMs: z.number() })).describe('what the model saw'),
    durationMs: z.number().nullable(),
    priority: Priority,
    queue: z.string(),
    dueAt: z.iso.datetime().nullable().describe('by the SLA of the review capacity; null: nobody has said one'),
    holder: z.object({ actor: z.string(), leaseUntil: z.iso.datetime() }).nullable(),
    suggestion: z.array(ChosenTag).describe('what accept without tags takes'),
    draft: ReviewDraft.nullable().describe('of whoever asks'),
    notes: z.array(z.object({ who: z.string(), at: z.iso.datetime(), text: z.string() })),
    policy: z
      .object({ ref: z.string(), targets: z.array(PolicyTarget) })
      .nullable()
      .describe('that sent it here, name/number; null: the pack did'),
    taxonomy: z.string().describe('the tree that tags are chosen from, name/version'),
    versions: Versions,
  }),
)
export type ReviewTaskView = z.infer<typeof ReviewTaskView>
