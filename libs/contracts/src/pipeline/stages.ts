import { defineStage, type Pipeline } from './define-stage.js'
import { Classified, Embedded, Judged, Sampled } from './outputs.js'

/** Decodes frames of the video; the tensor and the filmstrip are blobs. */
export const sampleFrames = defineStage({
  stage: 'sample-frames',
  job: 'ingest.sample-frames',
  service: 'ingest',
  queue: 'ingest',
  of: 'video',
  needs: [],
  output: Sampled,
})

/** Text → one vector a token, in the embedding ledger. */
export const embedText = defineStage({
  stage: 'embed-text',
  job: 'text.embed-text',
  service: 'text-encoder',
  queue: 'text',
  of: 'text',
  needs: [],
  output: Embedded,
  stream: { name: 'text', input: 'text_tokens', mask: 'text_mask' },
})

/** Frames → one pooled vector each, in the embedding ledger. */
export const embedFrames = defineStage({
  stage: 'embed-frames',
  job: 'vision.embed-frames',
  service: 'vision-encoder',
  queue: 'vision',
  of: 'video',
  needs: ['sample-frames'],
  output: Embedded,
  stream: { name: 'video', input: 'frames', mask: 'frame_mask' },
})

/** Joins the streams, decides, publishes or sends to review. */
export const classify = defineStage({
  stage: 'classify',
  job: 'fusion.classify',
  service: 'fusion',
  queue: 'fusion',
  needs: 'streams',
  output: Classified,
})

/** What a pack would decide that is not in force; it takes the place of `classify` and publishes nothing. */
export const judgeShadow = defineStage({
  stage: classify.stage,
  job: 'fusion.judge-shadow',
  service: 'fusion',
  queue: 'fusion',
  needs: classify.needs,
  output: Judged,
})

/**
 * The way of a content. A new stage is a line here and a handler for its job; a new service needs no other list than
 * this one. Shadows go through it in this order.
 */
export const pipeline: Pipeline = [sampleFrames, embedText, embedFrames, classify]

/** The stages of a shadowed content: the same ones, but the decision of the last one is not visible. */
export const shadowsOf = (table: Pipeline): Pipeline =>
  table.map((stage) => (stage.stage === judgeShadow.stage ? judgeShadow : stage))

export const jobs = [...pipeline, judgeShadow].map(({ job }) => job)
