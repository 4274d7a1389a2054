import type { z } from 'zod'

/** A fact: published once, read by many, replayable. The Kafka topic is the event's name. */
export interface EventDefinition<S extends z.ZodType = z.ZodType> {
  /** `noun.verb-past.vN`; a change that is not a new optional field is a new version beside the old one. */
  readonly name: string
  readonly schema: S
}
export type EventData<D extends EventDefinition> = z.infer<D['schema']>
export const defineEvent = <S extends z.ZodType>(definition: EventDefinition<S>): EventDefinition<S> => definition
