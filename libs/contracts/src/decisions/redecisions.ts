import { z } from 'zod'
import { storable } from '../contents/submission.js'
import { request, response } from '../released.js'

/** Decides the past of a workspace anew, if what the caller believes to be in force still is. */
export const StartRedecision = request(
  'StartRedecision',
  z.strictObject({
    policy: storable(200)
      .min(1)
      .nullable()
      .describe('the policy in force, its id or name/number; null where the pack decides by itself'),
  }),
)
export type StartRedecision = z.infer<typeof StartRedecision>

export const RedecisionView = response(
  'RedecisionView',
  z.object({
    id: z.uuid(),
    policy: z.string().nullable().describe('the policy that decides, name/number; null: the pack'),
    pack: z.string().describe('whose scores are decided on'),
    state: z
      .enum(['running', 'done', 'stopped', 'superseded'])
      .describe('superseded: another policy or pack came into force in the middle'),
    total: z.int().nonnegative().describe('contents of the workspace when it began'),
    examined: z.int().nonnegative(),
    changed: z.int().nonnegative().describe('results that a new revision has superseded'),
    unchanged: z.int().nonnegative().describe('results that are the same; they keep their revision and say nothing'),
    withoutResult: z.int().nonnegative().describe('contents that have no result yet, or have failed without one'),
    postponed: z.int().nonnegative().describe('contents that are being tagged; taken at the end'),
    undecidable: z
      .record(z.string(), z.int().nonnegative())
      .describe('results that stay as they are, by reason: scores-missing, other-pack, or an error code'),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  }),
)
export type RedecisionView = z.infer<typeof RedecisionView>

export const RedecisionPage = response(
  'RedecisionPage',
  z.object({ items: z.array(RedecisionView), nextCursor: z.string().nullable() }),
)
export type RedecisionPage = z.infer<typeof RedecisionPage>
