import { z } from 'zod'
import { Decision, Tag, Versions } from '../contents/results.js'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What a stage stores whose stream the content's pack does not have. */
export const Skipped = z.object({ skipped: z.literal(true) })
export type Skipped = z.infer<typeof Skipped>
export const skipped: Skipped = { skipped: true }

/** Frames of a video by a plan. */
export const Frames = z.object({
  /** Blob of the raw uint8 tensor [frames, size, size, 3]. */
  framesSha256: sha256,
  /** Blob of the WebP filmstrip. */
  filmstripSha256: sha256,
  frames: z.int().positive(),
  size: z.int().positive(),
  timesMs: z.array(z.number()),
  durationMs: z.number().nonnegative(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** Share of the packets that were decoded and gave an error, or a picture with errors. */
  damaged: z.number().min(0).max(1).optional(),
  /** Of the picture, as FFmpeg calls it: `h264`. Absent in what was sampled before, or by a decoder that cannot tell. */
  codec: z.string().optional(),
  /** False when the same video had already been sampled by the same plan. */
  decoded: z.boolean(),
})
export type Frames = z.infer<typeof Frames>

/** Skipped where the pack has no stream that is made of frames. */
export const Sampled = z.union([Frames, Skipped])

/** An embedding in the ledger. Every stage that has a stream stores this. */
export const Embedded = z.union([z.object({ embeddingId: z.uuid(), encoded: z.boolean() }), Skipped])
export type Embedded = z.infer<typeof Embedded>

export const Classified = z.object({ predictionId: z.uuid() })

export const Judged = z.object({ decision: Decision, tags: z.array(Tag), versions: Versions })
