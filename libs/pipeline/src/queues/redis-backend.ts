import { newId, WarnOnce, type Logger } from '@reeltag/platform'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { workerOptions, type ProcessJob, type QueueBackend, type WorkerSettings } from './queue-backend.js'

const connectTimeoutMs = 5_000
const commandTimeoutMs = 5_000
/** Longer than the longest blocking read of a worker, 10 s. */
const silenceMsMax = 20_000

const shared = {
  connectTimeout: connectTimeoutMs,
  // A peer that vanished silently (a dropped route, a frozen host) is given up, because otherwise nothing would
  // reconnect.
  socketTimeout: silenceMsMax,
  retryStrategy: (times: number) => Math.min(times * 100, 1_000),
}

/** BullMQ on Redis. Everything that it holds can be added again from Postgres. */
export class RedisBackend implements QueueBackend {
  readonly bulkMin = 1
  private constructor(
    private readonly prefix: string,
    /**
     * Fails at once while Redis is unavailable. The relay retries, and a stage counts as queued only when it is in the
     * queue.
     */
    private readonly producer: Redis,
    /** Waits while Redis is unavailable. Workers then continue. */
    private readonly consumer: Redis,
  ) {}

  static async open(url: string, prefix: string, logger: Logger): Promise<RedisBackend> {
    const producer = new Redis(url, {
      ...shared,
      connectionName: 'reeltag-producer',
      commandTimeout: commandTimeoutMs,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      lazyConnect: true,
    })
    const consumer = new Redis(url, { ...shared, connectionName: 'reeltag-worker', maxRetriesPerRequest: null })
    // Reconnecting fails every second of an outage.
    const outage = new WarnOnce(logger, 'Redis is unavailable; work waits in Postgres')
    producer.on('error', (error) => outage.failed(error))
    producer.on('ready', () => outage.worked())
    // Both connections fail together and the producer reports it; without a listener Node would end the process.
    consumer.on('error', () => undefined)
    // Redis has already been checked. If it has gone away since, the client connects when it is back.
    await producer.connect().catch(() => undefined)
    return new RedisBackend(prefix, producer, consumer)
  }

  openQueue(name: string): Queue {
    return new Queue(name, { connection: this.producer, prefix: this.prefix })
  }

  openWorker(name: string, process: ProcessJob, settings: WorkerSettings): Worker {
    return new Worker(name, process, { ...workerOptions(settings), connection: this.consumer, prefix: this.prefix })
  }

  async incarnation(): Promise<string> {
    const key = `${this.prefix}:incarnation`
    await this.producer.set(key, newId(), 'NX')
    // A restart may have lost the last second even if the marker was restored from the log.
    const [mark, server] = await Promise.all([this.producer.get(key), this.producer.info('server')])
    return `redis ${/run_id:(\w+)/.exec(server)?.[1] ?? ''} ${mark ?? ''}`
  }

  async owner(database: string): Promise<string> {
    const key = `${this.prefix}:database`
    await this.producer.set(key, database, 'NX')
    return (await this.producer.get(key)) ?? database
  }

  async check(): Promise<void> {
    await this.producer.ping()
  }

  close(): Promise<void> {
    this.producer.disconnect()
    this.consumer.disconnect()
    return Promise.resolve()
  }
}
