import type { JobDefinition } from '@reeltag/contracts'
import { settlesWithin, type Config, type Logger } from '@reeltag/platform'
import type { Queue, Worker } from 'bullmq'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StageKey } from '../stages/stage-task.js'
import { PostgresBackend } from './postgres-backend.js'
import type { QueueBackend } from './queue-backend.js'
import { RedisBackend } from './redis-backend.js'

/** How long a worker may take to report its last results to the store, which may be unavailable. */
const farewellMsMax = 3_000
const states = ['waiting', 'prioritized', 'delayed', 'active', 'failed'] as const

/** Jobs of one queue by BullMQ's states. */
export type QueueCounts = Readonly<Record<(typeof states)[number], number>>

/** A stage, with what decides the order of its job. */
export interface QueuedStage extends StageKey {
  /** Lower goes first. */
  readonly priority: number
}

export interface QueueWorker {
  /** Takes no more jobs, and waits for those under way. */
  close(): Promise<void>
}

/** The job id contains the attempt, so that the id of a finished job never blocks the next one. */
const jobIdOf = ({ contentId, stage, attempt }: StageKey): string => `${stage}-${contentId}-${attempt}`

/** What a process does with queues, in either store. Queues only refer to what is stored in Postgres. */
export class Queues {
  private readonly queues = new Map<string, Queue>()
  private readonly workers: QueueWorker[] = []

  private constructor(
    private readonly backend: QueueBackend,
    private readonly settings: Pick<Config['queues'], 'concurrency' | 'rates'>,
    private readonly logger: Logger,
  ) {}

  static async open(settings: Config['queues'], connectionString: string, logger: Logger): Promise<Queues> {
    const { redisUrl, redisPrefix } = settings
    const backend =
      redisUrl === undefined
        ? await PostgresBackend.open(connectionString, logger)
        : await RedisBackend.open(redisUrl, redisPrefix, logger)
    return new Queues(backend, settings, logger)
  }

  /** Adds jobs; one whose id still waits or runs is ignored by the queue. */
  async add(definition: JobDefinition, stages: readonly QueuedStage[]): Promise<void> {
    // Postgres controls retries (a new attempt, a new job). The queue itself retries only if the worker could not reach
    // Postgres.
    const opts = {
      attempts: 1_000,
      backoff: { type: 'fixed', delay: 1_000 },
      removeOnComplete: true,
      removeOnFail: true,
    }
    const jobs = stages.map(({ priority, ...data }) => ({
      name: definition.name,
      data,
      opts: { ...opts, jobId: jobIdOf(data), ...(priority === 0 ? {} : { priority }) },
    }))
    const queue = this.queue(definition.queue)
    if (jobs.length >= this.backend.bulkMin) await queue.addBulk(jobs)
    else await Promise.all(jobs.map((job) => queue.add(job.name, job.data, job.opts)))
  }

  /**
   * Starts a worker. `run` settles when the attempt has ended one way or the other, and rejects only where Postgres
   * could not be asked.
   * @param concurrency where the configuration names none for this queue
   */
  work(name: string, concurrency: number, run: (jobName: string, key: StageKey) => Promise<void>): QueueWorker {
    const underWay = new Set<Promise<void>>()
    const worker = this.backend.openWorker(
      name,
      (job) => {
        const running = run(job.name, job.data).finally(() => underWay.delete(running))
        underWay.add(running)
        return running
      },
      { concurrency: this.settings.concurrency[name] ?? concurrency, rate: this.settings.rates[name] },
    )
    worker.on('error', (error) => this.logger.warn({ err: error, queue: name }, 'a queue worker met an error'))
    const opened = { close: () => this.closeWorker(worker, underWay) }
    this.workers.push(opened)
    return opened
  }

  /** Jobs of a queue by state, in one round trip. */
  async counts(name: string): Promise<QueueCounts> {
    return (await this.queue(name).getJobCounts(...states)) as QueueCounts
  }

  /** Lets workers of every process take jobs of this queue, or keeps them from it. Jobs under way go on. */
  async hold(name: string, held: boolean): Promise<void> {
    const queue = this.queue(name)
    if ((await queue.isPaused()) === held) return
    await (held ? queue.pause() : queue.resume())
  }

  /** Takes out every job that no worker has begun. */
  async empty(name: string): Promise<void> {
    await this.queue(name).drain(true)
  }

  /** Rejects with the reason while the store does not answer. */
  check(): Promise<void> {
    return this.backend.check()
  }

  /** Names the store as it is: another answer means that jobs may be gone. Rejects while it is away. */
  incarnation(): Promise<string> {
    return this.backend.incarnation()
  }

  /** Names the database that first used this store. Rejects while it is away. */
  owner(database: string): Promise<string> {
    return this.backend.owner(database)
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()))
    await settlesWithin(farewellMsMax, Promise.allSettled([...this.queues.values()].map((queue) => queue.close())))
    await this.backend.close()
  }

  private async closeWorker(worker: Worker, underWay: ReadonlySet<Promise<void>>): Promise<void> {
    const closed = worker.close()
    while (underWay.size > 0) await Promise.allSettled(underWay)
    // A store that is away cannot be told that a job has ended. It hands the job out again, and the fence refuses it.
    await Promise.race([closed, sleep(farewellMsMax, undefined, { ref: false })])
  }

  private queue(name: string): Queue {
    const known = this.queues.get(name)
    if (known !== undefined) return known
    const queue = this.backend.openQueue(name)
    queue.on('error', (error) => this.logger.debug({ err: error, queue: name }, 'a queue met an error'))
    this.queues.set(name, queue)
    return queue
  }
}
