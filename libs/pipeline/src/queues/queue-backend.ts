import type { QueueRate } from '@reeltag/platform'
import type { Job, Queue, Worker } from 'bullmq'
import type { StageKey } from '../stages/stage-task.js'

export type ProcessJob = (job: Job<StageKey>) => Promise<void>

export interface WorkerSettings {
  /** Jobs that this process works on at once. */
  readonly concurrency: number
  /** Over all processes; without it there is no limit. */
  readonly rate: QueueRate | undefined
}

/** Where BullMQ keeps its jobs: Redis where one is named, the platform's own Postgres otherwise. */
export interface QueueBackend {
  /** From this many jobs on, adding them together is cheaper than one by one. */
  readonly bulkMin: number
  openQueue(name: string): Queue
  openWorker(name: string, process: ProcessJob, settings: WorkerSettings): Worker
  /** Names the store as it is: another answer means that jobs may be gone (emptied, restarted, another server). */
  incarnation(): Promise<string>
  /** Names the database that first used this store: this one, where none did. Rejects while it is away. */
  owner(database: string): Promise<string>
  /** Rejects with the reason while the store does not answer. */
  check(): Promise<void>
  /** Lets go of the store also when it does not answer. */
  close(): Promise<void>
}

/**
 * Shared by both stores. Attempts are fenced in Postgres, so a job may come again as often as it likes: one that
 * stalls is handed on rather than failed.
 */
export const workerOptions = ({ concurrency, rate }: WorkerSettings) => ({
  concurrency,
  // As short as a lease: a job that a frozen worker had just been handed is what everybody else then waits for.
  lockDuration: 15_000,
  stalledInterval: 5_000,
  maxStalledCount: 100,
  runRetryDelay: 1_000,
  ...(rate === undefined ? {} : { limiter: { max: rate.max, duration: rate.durationMs } }),
})
