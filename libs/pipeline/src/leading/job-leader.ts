import { shadowsOf, type Pipeline } from '@reeltag/contracts'
import type { Outbox } from '@reeltag/events'
import { Leader, WarnOnce, type Foundation, type Logger } from '@reeltag/platform'
import type { QueueHolds } from '../queues/queue-holds.js'
import type { Queues } from '../queues/queues.js'
import { Rerunner } from '../reruns/rerunner.js'
import { PipelineMetrics } from './pipeline-metrics.js'
import { ShadowPlanner } from '../shadows/shadow-planner.js'
import { Housekeeper } from './housekeeper.js'
import { JobRelay } from './job-relay.js'
import { QueueKeeper } from './queue-keeper.js'
import { Reaper } from './reaper.js'

export interface JobLeaderParts extends Pick<
  Foundation,
  'config' | 'connectionString' | 'db' | 'blobs' | 'logger' | 'metrics'
> {
  readonly queues: Queues
  readonly holds: QueueHolds
  readonly outbox: Outbox
  readonly pipeline: Pipeline
}

// Arbitrary, fixed for ever: the same number must mean the same lock in every version.
const jobRelayLock = 7_242_001
const reapEveryMs = 2_000
const keepEveryMs = 250
const rerunEveryMs = 250
const shadowEveryMs = 500
const measureEveryMs = 5_000
const tidyEveryMs = 10 * 60_000

/** Everything that exactly one process does about stages: recover, run again, keep the queues, add jobs, tidy up, count. */
export const openJobLeader = (parts: JobLeaderParts): Leader => {
  const { db, blobs, config, logger, metrics, connectionString, queues, holds, outbox, pipeline } = parts
  const keeper = new QueueKeeper(db, queues, holds, pipeline, logger)
  const relay = new JobRelay(db, queues, pipeline)
  const reaper = new Reaper(db, outbox, pipeline, logger)
  const rerunner = new Rerunner(db, pipeline, logger)
  const shadows = new ShadowPlanner(db, shadowsOf(pipeline), logger)
  const housekeeper = new Housekeeper(db, blobs, config.retention, logger)
  const reap = every(reapEveryMs, () => reaper.work())
  const rerun = every(rerunEveryMs, () => rerunner.work())
  // In the background, because no video waits for it.
  const shadow = every(shadowEveryMs, () => Promise.resolve(shadows.start()))
  const keep = every(keepEveryMs, () => keeper.work())
  const tidy = every(tidyEveryMs, () => Promise.resolve(housekeeper.start()))
  const waiting = new PipelineMetrics({ metrics, db, queues, pipeline, logger })
  // It never rejects, and no video waits for it.
  const measure = every(measureEveryMs, () => Promise.resolve(void waiting.measure()))
  const enqueue = untilBack(logger, async () => {
    await keep()
    await relay.work()
  })
  return new Leader({
    connectionString,
    lockKey: jobRelayLock,
    logger,
    begin: () => keeper.begin(),
    finish: async () => void (await Promise.all([housekeeper.stop(), shadows.stop()])),
    work: async () => {
      await reap()
      await rerun()
      await enqueue()
      await shadow()
      await tidy()
      await measure()
    },
  })
}

/** While the store of the queues is away, everything else that the leader does continues. Ready stages wait in Postgres. */
const untilBack = (logger: Logger, work: () => Promise<void>): (() => Promise<void>) => {
  const outage = new WarnOnce(logger, 'jobs cannot be added; ready stages wait in Postgres')
  return async () => {
    try {
      await work()
      if (outage.worked()) logger.info('jobs are being added again')
    } catch (error) {
      outage.failed(error)
    }
  }
}

/** Runs a piece of work when it is called, but no more often than this. */
const every = (ms: number, work: () => Promise<void>): (() => Promise<void>) => {
  let next = 0
  return async () => {
    if (performance.now() < next) return
    next = performance.now() + ms
    await work()
  }
}
