import type { JobDefinition } from './define-job.js'

export type Modality = 'video' | 'text'

/** What a stage gives to the head of a pack, and which inputs of the head take it. */
export interface StreamDefinition {
  readonly name: string
  /** The head's input for the vectors. */
  readonly input: string
  /** The head's input that says which rows of them are there. */
  readonly mask: string
}

/** One step in the processing of a content. A new one is a line in `pipeline` and a handler for its job. */
export interface StageDefinition {
  readonly stage: string
  readonly job: JobDefinition
  /** Stages whose output it needs; those that do not apply to a content are not waited for. */
  readonly needs: readonly string[]
  /** The stage exists only for contents that have this modality; always, where absent. */
  readonly modality?: Modality
  /** What its output is to the head; absent where the head does not read it. */
  readonly stream?: StreamDefinition
}

export type Pipeline = readonly StageDefinition[]
