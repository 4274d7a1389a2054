import { classify, embedFrames, embedText, judgeShadow, sampleFrames } from './jobs.js'
import type { Modality, Pipeline } from './define-stage.js'

export const pipeline: Pipeline = [
  { stage: 'sample-frames', job: sampleFrames, needs: [], modality: 'video' },
  {
    stage: 'embed-text',
    job: embedText,
    needs: [],
    modality: 'text',
    stream: { name: 'text', input: 'text_tokens', mask: 'text_mask' },
  },
  {
    stage: 'embed-frames',
    job: embedFrames,
    needs: ['sample-frames'],
    modality: 'video',
    stream: { name: 'video', input: 'frames', mask: 'frame_mask' },
  },
  { stage: 'classify', job: classify, needs: ['embed-frames', 'embed-text'] },
]

/** The stages of a shadowed content: the same ones, but the decision of the last one is not visible. */
export const shadowPipeline: Pipeline = pipeline.map((stage) =>
  stage.job === classify ? { ...stage, job: judgeShadow } : stage,
)

/** The stages that a content with these modalities goes through, in the order of the table. */
export const stagesFor = (table: Pipeline, modalities: ReadonlySet<Modality>): Pipeline =>
  table.filter(({ modality }) => modality === undefined || modalities.has(modality))

/**
 * Which stages may start: they apply, do not exist yet, and everything they need (of what applies) is done.
 * @param existing the stages that the content already has, and of those the done ones
 */
export const readyStages = (
  table: Pipeline,
  modalities: ReadonlySet<Modality>,
  existing: { readonly all: ReadonlySet<string>; readonly done: ReadonlySet<string> },
): Pipeline => {
  const applying = stagesFor(table, modalities)
  const names = new Set(applying.map(({ stage }) => stage))
  return applying.filter(
    ({ stage, needs }) =>
      !existing.all.has(stage) && needs.every((need) => !names.has(need) || existing.done.has(need)),
  )
}
