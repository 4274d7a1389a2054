import { pipeline as defaultPipeline, type Pipeline } from '@reeltag/contracts'
import type { Blobs, Config, Database, Health, Logger, Metrics, Tracing } from '@reeltag/platform'
import { Inbox } from './events/inbox.js'
import { LocalEventBus } from './events/local-event-bus.js'
import { Outbox } from './events/outbox.js'
import { HandlerRegistry } from './jobs/handler-registry.js'
import { JobRunner } from './jobs/job-runner.js'
import { QueueHolds } from './jobs/queue-holds.js'
import { Queues } from './jobs/queues.js'
import { measurePipeline } from './pipeline-metrics.js'
import { EventRelay } from './relay/event-relay.js'
import { openJobLeader } from './relay/job-leader.js'
import { Leader } from './relay/leader.js'
import { Reruns } from './reruns/reruns.js'
import { StageStore } from './stages/stage.store.js'

// Arbitrary, fixed for ever: the same number must mean the same lock in every version.
const eventRelayLock = 7_242_002

/** What the platform hands to messaging: everything already open. */
export interface Foundation {
  readonly config: Config
  readonly connectionString: string
  readonly db: Database
  readonly blobs: Blobs
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  readonly tracing: Tracing
}

/** What the services of one process share. */
export interface Runtime extends Foundation {
  readonly pipeline: Pipeline
  readonly queues: Queues
  readonly holds: QueueHolds
  readonly reruns: Reruns
  readonly bus: LocalEventBus
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly stages: StageStore
  readonly handlers: HandlerRegistry
  /** Starts workers and relays; call it when every service of the process is up. */
  start(): void
  /** Stops taking work, finishes what is under way, then stops the relays. The foundation stays open. */
  stop(): Promise<void>
}

export const createRuntime = async (foundation: Foundation, pipeline: Pipeline = defaultPipeline): Promise<Runtime> => {
  const { db, logger, metrics, connectionString } = foundation
  measurePipeline(metrics, db)
  const queues = await Queues.open(foundation.config.queues, connectionString, logger)
  // Whoever only accepts or reads contents goes on without the queue server: what is ready waits in Postgres.
  if (pipeline.some(({ job }) => foundation.config.services.includes(job.service)))
    foundation.health.register('queues', () => queues.check())
  const outbox = new Outbox()
  const stages = new StageStore(db, outbox, pipeline)
  const bus = new LocalEventBus(db, logger)
  const handlers = new HandlerRegistry()
  const runner = new JobRunner({ ...foundation, stages, queues, handlers, pipeline })
  const holds = new QueueHolds(db, pipeline)
  const jobs = openJobLeader({ ...foundation, queues, holds, outbox, pipeline })
  const events = eventLeader(foundation, bus)
  return {
    ...foundation,
    ...{ pipeline, queues, holds, bus, outbox, stages, handlers },
    reruns: new Reruns(db, pipeline),
    inbox: openInbox(foundation),
    start: () => {
      handlers.assertComplete(pipeline, foundation.config.services)
      runner.start()
      jobs.start()
      // Without Kafka an event reaches only the process that relays it, so that must be where the consumers are.
      if (bus.consumers.length > 0) events.start()
    },
    stop: async () => {
      await runner.stop()
      await Promise.all([jobs.stop(), events.stop()])
      await queues.close()
    },
  }
}

const openInbox = ({ db, metrics }: Foundation): Inbox => {
  const duplicates = metrics.counter('reeltag_inbox_duplicates_total', 'Events that came again and were not taken', [
    'consumer',
  ])
  return new Inbox(db, (consumer) => duplicates.inc({ consumer }))
}

const eventLeader = ({ db, logger, connectionString, tracing }: Foundation, bus: LocalEventBus): Leader => {
  const relay = new EventRelay(db, bus, tracing)
  return new Leader({
    connectionString,
    lockKey: eventRelayLock,
    logger,
    begin: () => relay.begin(),
    work: () => relay.work(),
  })
}
