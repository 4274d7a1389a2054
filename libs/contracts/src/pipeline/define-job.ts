import type { z } from 'zod'

/**
 * A command with one owner, retried until it succeeds or fails for good. It defines its queue and how often it may
 * fail.
 */
export interface JobDefinition<S extends z.ZodType = z.ZodType> {
  /** `service.verb-noun`. */
  readonly name: string
  /** The one service whose handler takes it. */
  readonly service: string
  readonly queue: string
  /** How often a retryable failure may happen before the content fails with STAGE_EXHAUSTED. */
  readonly failuresMax: number
  /** How long a worker may hold the job without renewing its lease, seconds. */
  readonly leaseSeconds: number
  /** What the handler stores as the stage's output. */
  readonly output: S
}

type Limits = Pick<JobDefinition, 'failuresMax' | 'leaseSeconds'>

/** A job with the usual limits, where it names none of its own. */
export const defineJob = <S extends z.ZodType>(
  definition: Omit<JobDefinition<S>, keyof Limits> & Partial<Limits>,
): JobDefinition<S> => ({ failuresMax: 3, leaseSeconds: 15, ...definition })
