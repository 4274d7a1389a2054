import { ReeltagError, pipeline as ownPipeline, shadowsOf, type JobDefinition, type Pipeline } from '@reeltag/contracts'
import { Leader, settlesWithin, type Foundation } from '@reeltag/platform'
import type { EventBus, LocalReplays } from '@reeltag/events'
import { EventRelay, Inbox, Outbox, SameEvents, eventMetrics, openEventBus } from '@reeltag/events'
import { assertSameDatabase } from './queues/assert-same-database.js'
import { assertSameStore } from './queues/assert-same-store.js'
import { HandlerRegistry } from './jobs/handler-registry.js'
import { JobRunner } from './jobs/job-runner.js'
import { QueueHolds } from './queues/queue-holds.js'
import { Queues } from './queues/queues.js'
import { openJobLeader } from './leading/job-leader.js'
import { Reruns } from './reruns/reruns.js'
import { ShadowRunner } from './shadows/shadow-runner.js'
import { StageStore } from './stages/stage.store.js'

// Arbitrary, fixed for ever: the same number must mean the same lock in every version.
const eventRelayLock = 7_242_002
const flushMsMax = 5_000
const closeMsMax = 5_000

/** What the services of one process share. */
export interface Runtime extends Foundation {
  readonly pipeline: Pipeline
  readonly queues: Queues
  readonly holds: QueueHolds
  readonly reruns: Reruns
  readonly bus: EventBus
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly stages: StageStore
  readonly handlers: HandlerRegistry
  /** Starts workers and relays; call it when every service of the process is up. */
  start(): void
  /**
   * Stops taking work, finishes what is under way, publishes what that has written, then stops the relays. The
   * foundation stays open.
   * @param graceMs how long work under way may take; the rest is given back
   */
  stop(graceMs: number): Promise<void>
}

export interface RuntimeOptions {
  readonly pipeline?: Pipeline
  /** Where the models of a job run: a label of the metrics. */
  readonly deviceOf?: (job: JobDefinition) => string
}

export const createRuntime = async (
  foundation: Foundation,
  { pipeline = ownPipeline, deviceOf = () => foundation.config.models.device }: RuntimeOptions = {},
): Promise<Runtime> => {
  const { db } = foundation
  const queues = await openQueues(foundation, pipeline)
  const outbox = new Outbox()
  const stages = new StageStore(db, outbox, pipeline)
  const { bus, replays } = await openEventBus(foundation)
  const handlers = new HandlerRegistry()
  const runner = new JobRunner({ ...foundation, stages, queues, handlers, deviceOf })
  const holds = new QueueHolds(db, pipeline)
  const jobs = openJobLeader({ ...foundation, queues, holds, outbox, pipeline })
  const shadows = new ShadowRunner({ ...foundation, handlers, pipeline: shadowsOf(pipeline) })
  const relay = new EventRelay({ ...foundation, bus })
  const same = new SameEvents(db, bus)
  const events = eventLeader(foundation, { relay, same, replays })
  return {
    ...foundation,
    pipeline,
    queues,
    holds,
    bus,
    outbox,
    stages,
    handlers,
    reruns: new Reruns(db, pipeline),
    inbox: openInbox(foundation),
    start: () => {
      handlers.assertComplete(pipeline, foundation.config.services)
      runner.start()
      shadows.start()
      jobs.start()
      bus.start()
      // A process that only writes events works without the bus; events wait in the outbox.
      if (bus.consumesHere) foundation.health.register('events', () => same.check())
      if (bus.relaysHere) events.start()
    },
    stop: async (graceMs) => {
      await Promise.all([runner.stop(graceMs), settlesWithin(graceMs, shadows.stop())])
      await bus.stop()
      // A backlog or an unavailable bus must not delay the stop. Unpublished events wait for the next relay.
      const cut = setTimeout(() => relay.stop(), flushMsMax)
      await settlesWithin(flushMsMax + closeMsMax, Promise.all([jobs.stop(), events.stop()]))
      clearTimeout(cut)
      // A worker whose job was given back cannot be closed; the process ends without it.
      await settlesWithin(closeMsMax, Promise.all([queues.close(), bus.close()]))
    },
  }
}

/** @throws DATABASES_DIFFER */
const openQueues = async (foundation: Foundation, pipeline: Pipeline): Promise<Queues> => {
  const { config, connectionString, db, health, logger } = foundation
  const queues = await Queues.open(config.queues, connectionString, logger)
  try {
    await assertSameDatabase(db, queues)
  } catch (error) {
    // If the store is away, the workers wait for it later.
    if (error instanceof ReeltagError) {
      await queues.close()
      throw error
    }
  }
  // A process that only accepts or reads contents works without the queue server; ready stages wait in Postgres.
  if (pipeline.some(({ job }) => config.services.includes(job.service)))
    health.register('queues', async () => {
      await queues.check()
      await assertSameStore(db, queues)
    })
  return queues
}

const openInbox = ({ db, metrics }: Foundation): Inbox => {
  const { duplicates } = eventMetrics(metrics)
  return new Inbox(db, (consumer) => duplicates.inc({ consumer }))
}

const eventLeader = (
  { logger, connectionString }: Foundation,
  {
    relay,
    same,
    replays,
  }: { readonly relay: EventRelay; readonly same: SameEvents; readonly replays: LocalReplays | undefined },
): Leader =>
  new Leader({
    connectionString,
    lockKey: eventRelayLock,
    logger,
    begin: () => Promise.resolve(same.begin()),
    work: async () => {
      await same.lead()
      await relay.work()
      await replays?.work()
    },
    finish: async () => {
      await same.lead()
      await relay.work()
    },
  })
