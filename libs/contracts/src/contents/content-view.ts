import { z } from 'zod'
import { AuthorSignals } from './submission.js'
import { ContentState, Prediction, StageState } from './results.js'
import { response } from '../released.js'

/** What `POST /v1/contents` answers. */
export const ContentAccepted = response(
  'ContentAccepted',
  z.object({ id: z.uuid(), state: ContentState, location: z.string() }),
)
export type ContentAccepted = z.infer<typeof ContentAccepted>

export const StageView = z.object({
  stage: z.string(),
  state: StageState,
  attempt: z.int().positive(),
  waitMs: z.number().nullable().describe('from ready to started'),
  runMs: z.number().nullable().describe('from started to finished'),
  errorCode: z.string().nullable(),
})
export type StageView = z.infer<typeof StageView>

/** What `GET /v1/contents/{id}` answers. */
export const ContentView = response(
  'ContentView',
  z.object({
    id: z.uuid(),
    externalId: z.string().nullable(),
    state: ContentState,
    revision: z.int().nonnegative(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    ocrText: z.string().nullable(),
    asrText: z.string().nullable(),
    author: AuthorSignals.nullable(),
    language: z.string(),
    video: z
      .object({
        sha256: z.string(),
        bytes: z.int(),
        durationMs: z.number().nullable(),
        width: z.int().nullable(),
        height: z.int().nullable(),
      })
      .nullable(),
    stages: z.array(StageView),
    result: Prediction.nullable().describe('the visible result: the one with the highest revision'),
    error: z.object({ code: z.string(), title: z.string(), detail: z.string(), remedy: z.string() }).nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
)
export type ContentView = z.infer<typeof ContentView>

export const ContentPage = response(
  'ContentPage',
  z.object({
    items: z.array(ContentView.omit({ stages: true })),
    nextCursor: z.string().nullable(),
  }),
)
export type ContentPage = z.infer<typeof ContentPage>
