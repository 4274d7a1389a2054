import { ReeltagError, type JobDefinition, type Pipeline, type ServiceName } from '@reeltag/contracts'
import type { StageCompletion, StageTask } from '../stages/stage-task.js'

export interface JobHandler {
  readonly definition: JobDefinition
  readonly concurrency: number
  readonly handle: (task: StageTask) => Promise<StageCompletion>
}

/** The handlers that the services of this process brought along, by job name. */
export class HandlerRegistry {
  private readonly handlers = new Map<string, JobHandler>()

  add(handler: JobHandler): void {
    const { name } = handler.definition
    if (this.handlers.has(name)) throw new ReeltagError('HANDLER_MISSING', `${name} has two handlers; it must have one`)
    this.handlers.set(name, handler)
  }

  get(name: string): JobHandler | undefined {
    return this.handlers.get(name)
  }

  all(): JobHandler[] {
    return [...this.handlers.values()]
  }

  /** Every job of the pipeline that belongs to a service of this process must have its handler. */
  assertComplete(pipeline: Pipeline, services: readonly ServiceName[]): void {
    const missing = pipeline.filter(({ job }) => services.includes(job.service) && !this.handlers.has(job.name))
    if (missing.length === 0) return
    const names = missing.map(({ job }) => `${job.name} (service ${job.service})`).join(', ')
    throw new ReeltagError('HANDLER_MISSING', `no handler for ${names}`)
  }
}
