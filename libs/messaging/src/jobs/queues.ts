import type { JobDefinition } from '@reeltag/contracts'
import type { Logger } from '@reeltag/platform'
import { createPostgresBackend, Queue, Worker, withBackend, type Job } from 'bullmq'
import pg from 'pg'
import type { StageKey } from '../stages/stage-task.js'

const schema = 'bullmq'
const poolMax = 12

interface Closable {
  close(): Promise<void>
}

/** The job id carries the attempt: a finished job's id must never stand in the way of its successor. */
const jobIdOf = ({ contentId, stage, attempt }: StageKey): string => `${stage}-${contentId}-${attempt}`

/**
 * BullMQ on the platform's own Postgres, in a schema of its own. Queues and workers share one pool: each opening its
 * own would cost ten connections apiece.
 */
export class Queues {
  private readonly bull = withBackend(createPostgresBackend)
  private readonly queues = new Map<string, Queue>()
  private readonly open: Closable[] = []

  private constructor(
    private readonly pool: pg.Pool,
    private readonly logger: Logger,
  ) {}

  static async open(connectionString: string, logger: Logger): Promise<Queues> {
    await migrate(connectionString)
    const pool = new pg.Pool({
      connectionString,
      max: poolMax,
      options: `-c search_path=${schema} -c synchronous_commit=off`,
      keepAlive: true,
      application_name: 'reeltag-queues',
    })
    pool.on('error', (error) => logger.warn({ err: error }, 'a queue connection was lost'))
    return new Queues(pool, logger)
  }

  /** Adds jobs; one whose id still waits or runs is ignored by the queue. */
  async add(definition: JobDefinition, keys: readonly StageKey[]): Promise<void> {
    const queue = this.queue(definition.queue)
    // Retries are Postgres's business (a new attempt, a new job), so a job runs once and leaves nothing behind.
    const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true }
    await queue.addBulk(
      keys.map((key) => ({ name: definition.name, data: key, opts: { ...opts, jobId: jobIdOf(key) } })),
    )
  }

  /** Starts a worker. `run` settles when the attempt has ended one way or the other, and does not reject. */
  work(name: string, concurrency: number, run: (jobName: string, key: StageKey) => Promise<void>): Closable {
    const worker = new this.bull.Worker(name, (job: Job<StageKey>) => run(job.name, job.data), {
      connection: this.pool,
      concurrency,
      stalledInterval: 15_000,
      maxStalledCount: 100,
    } as never) as unknown as Worker
    worker.on('error', (error) => this.logger.warn({ err: error, queue: name }, 'a queue worker had to reconnect'))
    this.open.push(worker)
    return worker
  }

  /** Rejects with the reason while the queue server does not answer. */
  async check(): Promise<void> {
    await this.pool.query('SELECT 1')
  }

  /** Jobs that wait, by queue; what an autoscaler and a dashboard look at. */
  async backlog(): Promise<Record<string, number>> {
    const entries = await Promise.all(
      [...this.queues].map(
        async ([name, queue]) => [name, await queue.getJobCountByTypes('waiting', 'prioritized', 'delayed')] as const,
      ),
    )
    return Object.fromEntries(entries)
  }

  async close(): Promise<void> {
    for (const it of this.open.reverse()) await it.close()
    await this.pool.end()
  }

  private queue(name: string): Queue {
    const known = this.queues.get(name)
    if (known !== undefined) return known
    const queue = new this.bull.Queue(name, { connection: this.pool } as never) as unknown as Queue
    queue.on('error', (error) => this.logger.warn({ err: error, queue: name }, 'a queue had to reconnect'))
    this.queues.set(name, queue)
    this.open.push(queue)
    return queue
  }
}

/** The form with a connection string, and only that, creates the schema and runs BullMQ's own migrations. */
const migrate = async (connectionString: string): Promise<void> => {
  const bull = withBackend(createPostgresBackend)
  const queue = new bull.Queue('migrate', { connection: { connectionString, schema, migrate: true, max: 1 } } as never)
  await queue.waitUntilReady()
  await queue.close()
}
