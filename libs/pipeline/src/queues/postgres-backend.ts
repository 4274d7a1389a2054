import { openPool, type Logger } from '@reeltag/platform'
import { createPostgresBackend, runMigrations, withBackend, type Queue, type Worker } from 'bullmq'
import type pg from 'pg'
import { workerOptions, type ProcessJob, type QueueBackend, type WorkerSettings } from './queue-backend.js'

const schema = 'bullmq'
const poolMax = 12

/**
 * BullMQ on the platform's own Postgres, in a schema of its own. Queues and workers share one pool: separate pools
 * would take ten connections each.
 */
export class PostgresBackend implements QueueBackend {
  // BullMQ's bulk statement makes two temporary tables: five milliseconds, however few the jobs are.
  readonly bulkMin = 16
  private readonly bull = withBackend(createReadyBackend)

  private constructor(private readonly pool: pg.Pool) {}

  static async open(connectionString: string, logger: Logger): Promise<PostgresBackend> {
    const settings = {
      connectionString,
      max: poolMax,
      // The table of jobs is empty whenever nobody waits. Statistics that autovacuum takes then make Postgres read the
      // whole of it, dead rows too, for every job of the next burst.
      options: `-c search_path=${schema} -c synchronous_commit=off -c enable_seqscan=off`,
      keepAlive: true,
      application_name: 'reeltag-queues',
    }
    const pool = openPool(settings, (error) => logger.warn({ err: error }, 'a queue connection was lost'))
    await migrate(pool).catch(async (error: unknown) => {
      await pool.end()
      throw error
    })
    return new PostgresBackend(pool)
  }

  openQueue(name: string): Queue {
    return new this.bull.Queue(name, { connection: this.pool } as never) as unknown as Queue
  }

  openWorker(name: string, process: ProcessJob, settings: WorkerSettings): Worker {
    const options = { ...workerOptions(settings), connection: this.pool }
    return new this.bull.Worker(name, process as never, options as never) as unknown as Worker
  }

  /** Jobs and stages are in the same database and write-ahead log, so neither is lost alone. */
  incarnation(): Promise<string> {
    return Promise.resolve('postgres')
  }

  owner(database: string): Promise<string> {
    return Promise.resolve(database)
  }

  async check(): Promise<void> {
    await this.pool.query('SELECT 1')
  }

  close(): Promise<void> {
    return this.pool.end()
  }
}

const migrate = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    // This connection is not used again, so that a failed migration's open transaction ends with its session.
    client.release(true)
  }
}

/**
 * BullMQ looks for its schema when a queue or worker is opened. If Postgres is unavailable at that moment, the queue or
 * worker fails for ever. `open` has already created the schema, so the check is skipped.
 */
const createReadyBackend: typeof createPostgresBackend = (...args) => {
  const backend = createPostgresBackend(...args)
  backend.connection.waitUntilReady = () => Promise.resolve()
  return backend
}
