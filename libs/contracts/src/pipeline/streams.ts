import type { Pipeline, StageDefinition, StreamDefinition } from './define-stage.js'

export interface StreamStage extends StageDefinition {
  readonly stream: StreamDefinition
}

/** The stages of a table that have a stream. */
export const streamsOf = (table: Pipeline): readonly StreamStage[] =>
  table.flatMap((stage) => (stage.stream === undefined ? [] : { ...stage, stream: stage.stream }))

/** Which streams of a content are there: their names, sorted and joined by `+`. */
export type Mask = string

export const maskOf = (present: Iterable<string>): Mask => [...new Set(present)].toSorted().join('+')
