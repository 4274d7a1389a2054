import { SetMetadata } from '@nestjs/common'
import type { JobDefinition } from '@reeltag/contracts'

export const JOB_HANDLER = Symbol('reeltag.job-handler')

export interface JobHandlerOptions {
  readonly definition: JobDefinition
  /** Jobs that one process works on at once. Batching stages want many, so that batches can form. */
  readonly concurrency: number
}

/** Marks the one method that does this job. Boot fails when a job has no handler, or two. */
export const OnJob = (definition: JobDefinition, { concurrency = 8 }: { concurrency?: number } = {}): MethodDecorator =>
  SetMetadata(JOB_HANDLER, { definition, concurrency } satisfies JobHandlerOptions)
