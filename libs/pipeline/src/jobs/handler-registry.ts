import { ReeltagError, type JobDefinition, type Pipeline, type ServiceName } from '@reeltag/contracts'
import type { FinishedStage, StageTask } from '../stages/stage-task.js'

export interface JobHandler {
  readonly definition: JobDefinition
  readonly concurrency: number
  readonly handle: (task: StageTask) => Promise<FinishedStage>
}

/** The handlers of the services of this process, by job name. */
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

  /** Each job of the pipeline must have a handler if this process runs its service. */
  assertComplete(pipeline: Pipeline, services: readonly ServiceName[]): void {
    const missing = pipeline.filter(({ job }) => services.includes(job.service) && !this.handlers.has(job.name))
    if (missing.length === 0) return
    throw new ReeltagError('HANDLER_MISSING', missing.map(({ stage, job }) => whatToWrite(stage, job)).join('\n'))
  }
}

const whatToWrite = (stage: string, { name, service }: JobDefinition): string => {
  const method = stage.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return `no handler for ${name}; write one in apps/${service}/src/, in a class that the module of the service provides:
  @OnJob(${method}) // the definition of the job, from @reeltag/contracts
  async ${method}(task: StageTask): Promise<FinishedStage> {
    return { output: … }
  }`
}
