import { z } from 'zod'
import { defineJob } from './define-job.js'
import { Decision, Tag, Versions } from '../contents/results.js'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Decode N frames of the video; the tensor and the filmstrip are blobs. */
export const sampleFrames = defineJob({
  name: 'ingest.sample-frames',
  service: 'ingest',
  queue: 'ingest',
  failuresMax: 3,
  leaseSeconds: 15,
  output: z.object({
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
    /** False when the same video had already been sampled by the same plan. */
    decoded: z.boolean(),
  }),
})

/** Frames → one pooled vector each, in the embedding ledger. */
export const embedFrames = defineJob({
  name: 'vision.embed-frames',
  service: 'vision-encoder',
  queue: 'vision',
  failuresMax: 3,
  leaseSeconds: 15,
  output: z.object({ embeddingId: z.uuid(), encoded: z.boolean() }),
})

/** Text → one vector a token, in the embedding ledger. */
export const embedText = defineJob({
  name: 'text.embed-text',
  service: 'text-encoder',
  queue: 'text',
  failuresMax: 3,
  leaseSeconds: 15,
  output: z.object({ embeddingId: z.uuid(), encoded: z.boolean() }),
})

/** Join the streams, decide, publish or send to review. */
export const classify = defineJob({
  name: 'fusion.classify',
  service: 'fusion',
  queue: 'fusion',
  failuresMax: 3,
  leaseSeconds: 15,
  output: z.object({ predictionId: z.uuid() }),
})

/** What a pack would decide that is not in force; it takes the place of `classify` and publishes nothing. */
export const judgeShadow = defineJob({
  name: 'fusion.judge-shadow',
  service: 'fusion',
  queue: 'fusion',
  failuresMax: 3,
  leaseSeconds: 15,
  output: z.object({ decision: Decision, tags: z.array(Tag), versions: Versions }),
})

export const jobs = [sampleFrames, embedFrames, embedText, classify, judgeShadow] as const
