import { ReeltagError, toReeltagError, type JobDefinition } from '@reeltag/contracts'
import {
  attributeNames,
  settlesWithin,
  spanNames,
  traceIdOf,
  type Logger,
  type Metrics,
  type Tracing,
} from '@reeltag/platform'
import type { StageKey, StageTask } from '../stages/stage-task.js'
import type { BegunTask } from '../stages/begin-stages.js'
import type { StageStore } from '../stages/stage.store.js'
import type { HandlerRegistry, JobHandler } from './handler-registry.js'
import { LeaseKeeper } from './lease-keeper.js'
import type { Queues, QueueWorker } from '../queues/queues.js'

export interface JobRunnerParts {
  readonly stages: StageStore
  readonly queues: Queues
  readonly handlers: HandlerRegistry
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracing: Tracing
  /** Where the models of a job run: a label of the metrics. */
  readonly deviceOf: (job: JobDefinition) => string
}

/** Takes jobs from the queues. Each attempt ends as done, to be retried, or failed with a code. */
export class JobRunner {
  private readonly leases: LeaseKeeper
  private readonly workers: QueueWorker[] = []
  private readonly seconds
  private readonly waitedSeconds

  constructor(private readonly parts: JobRunnerParts) {
    this.leases = new LeaseKeeper(parts.stages, parts.logger)
    const { metrics } = parts
    this.seconds = metrics.histogram('reeltag_stage_duration_seconds', 'Time from begin to commit of a stage', [
      'stage',
      'device',
      'outcome',
    ])
    this.waitedSeconds = metrics.histogram('reeltag_stage_wait_seconds', 'Time from ready to begin of a stage', [
      'stage',
    ])
  }

  start(): void {
    const queues = new Map<string, JobHandler[]>()
    for (const handler of this.parts.handlers.all()) {
      const { queue } = handler.definition
      queues.set(queue, [...(queues.get(queue) ?? []), handler])
    }
    for (const [queue, handlers] of queues) {
      const concurrency = Math.max(...handlers.map((handler) => handler.concurrency))
      this.workers.push(this.parts.queues.work(queue, concurrency, (name, key) => this.run(name, key)))
    }
  }

  /**
   * Takes no more jobs, and waits for those under way.
   * @param graceMs how long; unfinished work is then aborted and given back, so that others can begin it at once
   */
  async stop(graceMs: number): Promise<void> {
    const closed = Promise.all(this.workers.map((worker) => worker.close()))
    if (!(await settlesWithin(graceMs, closed))) {
      const keys = this.leases.callOff()
      this.parts.logger.warn({ stages: keys.slice(0, 20), count: keys.length }, 'unfinished work is given back')
      await this.parts.stages.handBack(keys)
    }
    this.leases.close()
  }

  private async run(jobName: string, key: StageKey): Promise<void> {
    const handler = this.parts.handlers.get(jobName)
    // Another process may have the handler. The reaper makes the stage ready again for it.
    if (handler === undefined) return
    const { definition } = handler
    const begun = await this.parts.stages.begin(key, definition.leaseSeconds)
    if (begun === undefined) return
    const lease = this.leases.hold(key, definition.leaseSeconds)
    const started = performance.now()
    const outcome = await this.trace(handler, begun, lease.signal).finally(() => lease.release())
    const device = this.parts.deviceOf(definition)
    this.waitedSeconds.observe({ stage: key.stage }, begun.waitedMs / 1_000)
    this.seconds.observe({ stage: key.stage, device, outcome }, (performance.now() - started) / 1_000)
  }

  /**
   * Two spans below that of the content: the wait for a worker, and the work. Spans that the work causes are below the
   * latter.
   */
  private trace(handler: JobHandler, begun: BegunTask, signal: AbortSignal): Promise<string> {
    const { tracing, logger } = this.parts
    const { contentId, stage, attempt, waitedMs, traceparent: parent } = begun
    const names = attributeNames
    const attributes = { [names.contentId]: contentId, [names.stage]: stage, [names.attempt]: attempt }
    tracing.record(spanNames.wait(stage), { parent, attributes, startedMsAgo: waitedMs })
    return tracing.span(spanNames.run(stage), { kind: 'consumer', parent, attributes }, async (span) => {
      const { traceparent } = span
      const fields = { contentId, traceId: traceIdOf(traceparent), stage, attempt }
      const outcome = await this.attempt(handler, { ...begun, traceparent, signal, logger: logger.child(fields) })
      span.set({ [names.outcome]: outcome })
      return outcome
    })
  }

  private async attempt({ definition, handle }: JobHandler, task: StageTask): Promise<string> {
    try {
      const finished = await handle(task)
      // Readers parse with the same schema, so an output that does not match must be refused here.
      const output = definition.output.parse(finished.output)
      const commit = () => this.parts.stages.finish(task, { ...finished, output })
      return (await this.parts.tracing.span(spanNames.commit, {}, commit)) ? 'done' : 'superseded'
    } catch (error) {
      return this.failed(definition, task, error)
    }
  }

  private async failed(definition: JobHandler['definition'], task: StageTask, error: unknown): Promise<string> {
    const known = toReeltagError(error)
    const log = error instanceof ReeltagError && !error.retryable ? 'info' : 'warn'
    task.logger[log]({ err: error, code: known.code }, 'an attempt failed')
    try {
      return (await this.parts.stages.fail(task, definition, known)) ? 'failed' : 'retried'
    } catch (storing) {
      task.logger.error({ err: storing }, 'the failure could not be stored; the lease will run out')
      return 'lost'
    }
  }
}
