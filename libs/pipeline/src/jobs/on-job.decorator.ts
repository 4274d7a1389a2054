import { SetMetadata } from '@nestjs/common'
import type { JobDefinition, StageDefinition } from '@reeltag/contracts'

export const JOB_HANDLER = Symbol('reeltag.job-handler')

export interface JobHandlerOptions {
  readonly definition: JobDefinition
  /** Jobs that one process works on at once. Batching stages want many, so that batches can form. */
  readonly concurrency: number
}

/** Marks the method that does the job of this stage. Startup fails if a job has no handler or two. */
export const OnJob = (
  { job: definition }: StageDefinition,
  { concurrency = 8 }: { concurrency?: number } = {},
): MethodDecorator => SetMetadata(JOB_HANDLER, { definition, concurrency } satisfies JobHandlerOptions)
