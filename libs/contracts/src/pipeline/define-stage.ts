import type { z } from 'zod'
import { defineJob, type JobDefinition } from './define-job.js'
import type { Embedded } from './outputs.js'

/** What a content may be submitted with. */
export type Modality = 'video' | 'text'

/** What a stage gives to the head of a pack, and which inputs of the head take it. */
export interface StreamDefinition {
  readonly name: string
  /** The head's input for the vectors. */
  readonly input: string
  /** The head's input that says which rows of them are there. */
  readonly mask: string
}

/** One step in the processing of a content: when it runs, what does it, and what comes of it. */
export interface StageDefinition<S extends z.ZodType = z.ZodType> {
  readonly stage: string
  readonly job: JobDefinition<S>
  /** The stage exists only for contents that were submitted with this; always, where absent. */
  readonly of?: Modality | undefined
  /**
   * Stages whose output it needs; those that do not apply to a content are not waited for. `streams`: every stage that
   * has a stream.
   */
  readonly needs: readonly string[] | 'streams'
  /** What its output is to the head; absent where the head does not read it. */
  readonly stream?: StreamDefinition | undefined
}
export type StageOutput<D extends StageDefinition> = z.infer<D['job']['output']>

/** A stage whose output the head reads. */
export interface StreamStage extends StageDefinition<typeof Embedded> {
  readonly stream: StreamDefinition
}

export type Pipeline = readonly StageDefinition[]

type StageFields<S extends z.ZodType> = Omit<StageDefinition<S>, 'job' | 'stream'> &
  Omit<Parameters<typeof defineJob<S>>[0], 'name'> & {
    /** `service.verb-noun`: what the service's handler is marked with. */
    readonly job: string
  }

export function defineStage(fields: StageFields<typeof Embedded> & { readonly stream: StreamDefinition }): StreamStage
export function defineStage<S extends z.ZodType>(fields: StageFields<S>): StageDefinition<S>
export function defineStage<S extends z.ZodType>(
  fields: StageFields<S> & { readonly stream?: StreamDefinition },
): StageDefinition<S> {
  const { stage, job: name, of, needs, stream, ...job } = fields
  return { stage, job: defineJob<S>({ name, ...job } as Parameters<typeof defineJob<S>>[0]), of, needs, stream }
}
