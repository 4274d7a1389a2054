import type { Modality, Pipeline, StreamStage } from './define-stage.js'

/** The stages of a table that have a stream. */
export const streamsOf = (table: Pipeline): readonly StreamStage[] =>
  table.filter((stage): stage is StreamStage => stage.stream !== undefined)

/** Which streams of a content are there: their names, sorted and joined by `+`. */
export type Mask = string

export const maskOf = (present: Iterable<string>): Mask => [...new Set(present)].toSorted().join('+')

/** What these streams were made of, in the order of the table: what a result says that it was made from. */
export const modalitiesOf = (table: Pipeline, present: Iterable<string>): Modality[] => {
  const names = new Set(present)
  const made = new Set(streamsOf(table).flatMap(({ stream, of }) => (names.has(stream.name) ? (of ?? []) : [])))
  return [...new Set(table.flatMap(({ of }) => of ?? []))].filter((modality) => made.has(modality))
}
