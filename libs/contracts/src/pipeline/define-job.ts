import type { z } from 'zod'
import type { ServiceName } from '../access.js'

/** A fact: published once, read by many, replayable. The Kafka topic is the event's name. */
export interface EventDefinition<S extends z.ZodType = z.ZodType> {
  /** `noun.verb-past.vN`; a change that is not a new optional field is a new version beside the old one. */
  readonly name: string
  readonly schema: S
}
export type EventData<D extends EventDefinition> = z.infer<D['schema']>
export const defineEvent = <S extends z.ZodType>(definition: EventDefinition<S>): EventDefinition<S> => definition

/**
 * A command with one owner, retried until it succeeds or fails for good. It defines its queue and how often it may
 * fail.
 */
export interface JobDefinition<S extends z.ZodType = z.ZodType> {
  /** `service.verb-noun`. */
  readonly name: string
  /** The one service whose handler takes it. */
  readonly service: ServiceName
  readonly queue: string
  /** How often a retryable failure may happen before the content fails with STAGE_EXHAUSTED. */
  readonly failuresMax: number
  /** How long a worker may hold the job without renewing its lease, seconds. */
  readonly leaseSeconds: number
  /** What the handler stores as the stage's output. */
  readonly output: S
}
export type JobOutput<D extends JobDefinition> = z.infer<D['output']>
export const defineJob = <S extends z.ZodType>(definition: JobDefinition<S>): JobDefinition<S> => definition
