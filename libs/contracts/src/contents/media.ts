import { z } from 'zod'
import { open, response } from '../released.js'

/** `none`: nobody asked for one. `failed`: none can be made of this video. */
export const RenditionState = open(z.enum(['none', 'making', 'ready', 'failed']))
export type RenditionState = z.infer<typeof RenditionState>

/** What `GET /v1/contents/{id}/media` answers. Addresses are relative, need no key, and end at `expiresAt`. */
export const ContentMedia = response(
  'ContentMedia',
  z.object({
    video: z
      .object({
        url: z.string().describe('the original'),
        mime: z.string(),
        playable: z.boolean().describe('whether browsers in general play it'),
      })
      .nullable()
      .describe('null where the content is text alone'),
    rendition: z.object({
      state: RenditionState,
      url: z.string().nullable().describe('an MP4 with H.264 and AAC; null unless ready'),
      errorCode: z.string().nullable(),
    }),
    frames: z.array(z.object({ timeMs: z.number(), url: z.string() })).describe('those that the model saw, in order'),
    filmstripUrl: z.string().nullable(),
    expiresAt: z.iso.datetime(),
  }),
)
export type ContentMedia = z.infer<typeof ContentMedia>
