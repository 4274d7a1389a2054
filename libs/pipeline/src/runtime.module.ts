import { Module, type DynamicModule } from '@nestjs/common'
import { DiscoveryModule } from '@nestjs/core'
import { Blobs, Database, Health, Metrics, Tracing } from '@reeltag/platform'
import { EmbeddingLedger } from './streams/embedding-ledger.js'
import { Inbox, Outbox } from '@reeltag/events'
import { HandlerRegistry } from './jobs/handler-registry.js'
import { JobExplorer } from './jobs/job-explorer.js'
import { QueueHolds } from './queues/queue-holds.js'
import { QueueOverview } from './queues/queue-overview.js'
import { Queues } from './queues/queues.js'
import { Reruns } from './reruns/reruns.js'
import type { Runtime } from './runtime.js'
import { StageStore } from './stages/stage.store.js'

/** Inject the whole configuration only where a module hands slices on. */
export const CONFIG = Symbol('reeltag.config')
export const LOGGER = Symbol('reeltag.logger')
/** The table of stages that this process works by. */
export const PIPELINE = Symbol('reeltag.pipeline')

/** What a process shares, for the injection of one service. Each service is a Nest application of its own. */
@Module({})
export class RuntimeModule {
  static forRoot(runtime: Runtime): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: runtime.config },
      { provide: LOGGER, useValue: runtime.logger },
      { provide: PIPELINE, useValue: runtime.pipeline },
      { provide: Database, useValue: runtime.db },
      { provide: Blobs, useValue: runtime.blobs },
      { provide: EmbeddingLedger, useValue: new EmbeddingLedger(runtime.db) },
      { provide: Metrics, useValue: runtime.metrics },
      { provide: Health, useValue: runtime.health },
      { provide: Tracing, useValue: runtime.tracing },
      { provide: Queues, useValue: runtime.queues },
      { provide: QueueHolds, useValue: runtime.holds },
      { provide: QueueOverview, useValue: overviewOf(runtime) },
      { provide: Reruns, useValue: runtime.reruns },
      { provide: StageStore, useValue: runtime.stages },
      { provide: Inbox, useValue: runtime.inbox },
      { provide: Outbox, useValue: runtime.outbox },
      { provide: HandlerRegistry, useValue: runtime.handlers },
    ]
    return {
      module: RuntimeModule,
      global: true,
      providers,
      exports: providers.map(({ provide }) => provide),
    }
  }
}

/** Enters the handlers of an application's jobs in the registry. Routes have no part in it, so none can register a job. */
@Module({ imports: [DiscoveryModule], providers: [JobExplorer] })
export class HandlersModule {}

const overviewOf = ({ db, queues, holds, pipeline, config }: Runtime): QueueOverview =>
  new QueueOverview(db, queues, holds, pipeline, config.queues)
