import type { Modality, Pipeline, StageDefinition } from './define-stage.js'

/** The stages that a content with these modalities goes through, in the order of the table. */
export const stagesFor = (table: Pipeline, modalities: ReadonlySet<Modality>): Pipeline =>
  table.filter(({ of }) => of === undefined || modalities.has(of))

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
  return applying.filter(
    (stage) =>
      !existing.all.has(stage.stage) &&
      applying.every((other) => !waitsFor(stage, other) || existing.done.has(other.stage)),
  )
}

const waitsFor = ({ needs }: StageDefinition, { stage, stream }: StageDefinition): boolean =>
  needs === 'streams' ? stream !== undefined : needs.includes(stage)
