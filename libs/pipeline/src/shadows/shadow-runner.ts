import { ReeltagError, toReeltagError, type JobDefinition, type Pipeline } from '@reeltag/contracts'
import { WarnOnce, type Database, type Logger } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HandlerRegistry, JobHandler } from '../jobs/handler-registry.js'
import { ShadowTasks, type ShadowTask } from './shadow-tasks.js'

const idleMs = 1_000
const renewMs = 4_000
const outagePauseSeconds = 5

export interface ShadowRunnerParts {
  readonly db: Database
  readonly handlers: HandlerRegistry
  readonly pipeline: Pipeline
  readonly logger: Logger
}

/**
 * Runs the stages of shadows with the handlers of this process, one at a time, so that a shadow never occupies more
 * than one decoder or one run of a model. Events are dropped. Failures are stored in the row of the shadow.
 */
export class ShadowRunner {
  private readonly tasks: ShadowTasks
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private readonly outage: WarnOnce

  constructor(private readonly parts: ShadowRunnerParts) {
    this.tasks = new ShadowTasks(parts.db, parts.pipeline)
    this.outage = new WarnOnce(parts.logger, 'shadows cannot run; retrying')
  }

  /** Call it when every handler is known. */
  start(): void {
    const { pipeline, handlers } = this.parts
    const own = new Map(
      pipeline.flatMap(({ stage, job }) => {
        const handler = handlers.get(job.name)
        return handler === undefined ? [] : [[stage, handler] as const]
      }),
    )
    if (own.size > 0) this.running ??= this.run(own)
  }

  /** Aborts the current task; another process will take it up again. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the process stops'))
    await this.running
  }

  private async run(own: ReadonlyMap<string, JobHandler>): Promise<void> {
    const { signal } = this.stopping
    while (!signal.aborted) {
      const worked = await this.work(own).catch((error: unknown) => {
        this.outage.failed(error)
        return false
      })
      if (worked) this.outage.worked()
      else await sleep(idleMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** @returns whether there was something to do */
  private async work(own: ReadonlyMap<string, JobHandler>): Promise<boolean> {
    const leaseSeconds = Math.max(...[...own.values()].map(({ definition }) => definition.leaseSeconds))
    const task = await this.tasks.take([...own.keys()], leaseSeconds)
    const handler = task === undefined ? undefined : own.get(task.stage)
    if (task === undefined || handler === undefined) return false
    const { failuresMax } = handler.definition
    // A try whose worker died counts, too, so that a task that kills its workers is not retried for ever.
    if (task.tries > failuresMax)
      await this.tasks.fail(task, new ReeltagError('STAGE_EXHAUSTED', `${task.stage} was begun ${failuresMax} times`))
    else await this.attempt(handler, task, leaseSeconds)
    return true
  }

  private async attempt({ definition, handle }: JobHandler, task: ShadowTask, leaseSeconds: number): Promise<void> {
    const { tasks } = this
    const { contentId, stage, pack } = task
    const logger = this.parts.logger.child({ contentId, stage, shadow: pack })
    const lost = new AbortController()
    const keep = async (): Promise<void> => {
      if (!(await tasks.renew(task, leaseSeconds))) lost.abort(new Error('the shadow has ended'))
    }
    const renewing = setInterval(() => void keep().catch(() => undefined), renewMs)
    const signal = AbortSignal.any([this.stopping.signal, lost.signal])
    try {
      const { output, record } = await handle({ ...task, signal, logger })
      await tasks.finish(task, definition.output.parse(output), record)
    } catch (error) {
      await this.failed(definition, task, toReeltagError(error))
    } finally {
      clearInterval(renewing)
    }
  }

  private async failed({ failuresMax }: JobDefinition, task: ShadowTask, error: ReeltagError): Promise<void> {
    if (this.stopping.signal.aborted) return this.tasks.postpone(task, 0, { counts: false })
    if (error.isOutage) return this.tasks.postpone(task, outagePauseSeconds, { counts: false })
    if (error.retryable && task.tries < failuresMax) return this.tasks.postpone(task, 2 ** task.tries, { counts: true })
    this.parts.logger.warn(
      { contentId: task.contentId, shadow: task.pack, code: error.code, err: error },
      'a shadow has failed',
    )
    return this.tasks.fail(task, error)
  }
}
