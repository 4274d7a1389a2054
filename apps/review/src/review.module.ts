import { Module, type DynamicModule } from '@nestjs/common'
import { HELD_OPEN, HoldingModule, type Runtime, type Service } from '@reeltag/pipeline'
import type { Config, Database } from '@reeltag/platform'
import { ClaimsController } from './claims/claims.controller.js'
import { ClaimsRepository, LEASE_SECONDS } from './claims/claims.repository.js'
import { ItemsConsumer } from './items/items.consumer.js'
import { ItemsController } from './items/items.controller.js'
import { ItemsRepository } from './items/items.repository.js'
import { QualityController } from './quality/quality.controller.js'
import { QualityRepository } from './quality/quality.repository.js'
import { ReviewQueuesController } from './queues/queues.controller.js'
import { QueuesRepository } from './queues/queues.repository.js'
import { CapacityRepository } from './routing/capacity.repository.js'
import { openRouter } from './routing/open-router.js'
import type { RouteItems } from './routing/route-items.js'
import { RoutingController } from './routing/routing.controller.js'
import { RemarksRepository } from './tasks/remarks.repository.js'
import { TasksController } from './tasks/tasks.controller.js'
import { TasksRepository } from './tasks/tasks.repository.js'
import { TREES, type Trees } from './tasks/trees.js'
import { openPublisher } from './verdicts/open-publisher.js'
import type { Truth } from './verdicts/truth.js'
import { TRUTH, VerdictUndoing } from './verdicts/undo-verdict.js'
import { VerdictsController } from './verdicts/verdicts.controller.js'
import { VerdictsRepository } from './verdicts/verdicts.repository.js'
import { GRACE_SECONDS, VerdictsService } from './verdicts/verdicts.service.js'

export { ClaimsRepository } from './claims/claims.repository.js'
export { ItemsRepository } from './items/items.repository.js'
export { QueuesRepository } from './queues/queues.repository.js'
export { CapacityRepository } from './routing/capacity.repository.js'
export { Router } from './routing/router.js'
export type { Tree, Trees } from './tasks/trees.js'
export type { SaidOfFacet, Saying, Truth } from './verdicts/truth.js'

/** What other rooms do for review. The executable brings it. */
export interface ReviewHelp {
  readonly routeItems: RouteItems
  openTrees(config: Config): Trees
  openTruth(db: Database, config: Config): Truth
}

@Module({})
class ReviewRoutesModule {}

export const reviewRoutes = (
  { config, db }: Runtime,
  { openTrees, openTruth }: Omit<ReviewHelp, 'routeItems'>,
): DynamicModule => ({
  module: ReviewRoutesModule,
  controllers: [
    ItemsController,
    RoutingController,
    ClaimsController,
    ReviewQueuesController,
    VerdictsController,
    TasksController,
    QualityController,
  ],
  providers: [
    ItemsRepository,
    CapacityRepository,
    ClaimsRepository,
    QueuesRepository,
    TasksRepository,
    RemarksRepository,
    QualityRepository,
    VerdictsService,
    VerdictsRepository,
    VerdictUndoing,
    { provide: TREES, useFactory: () => openTrees(config) },
    { provide: TRUTH, useFactory: () => openTruth(db, config) },
    { provide: LEASE_SECONDS, useValue: config.review.leaseSeconds },
    { provide: GRACE_SECONDS, useValue: config.review.graceSeconds },
  ],
})

/** What the model is not sure of, kept for reviewers: who looks at what, and what they say. */
export const review = (help: ReviewHelp): Service => ({
  name: 'review',
  handlers: (runtime) => ({
    module: HoldingModule,
    controllers: [ItemsConsumer],
    providers: [ItemsRepository, { provide: HELD_OPEN, useFactory: () => openAll(runtime, help) }],
  }),
  routes: (runtime) => reviewRoutes(runtime, help),
})

const openAll = (runtime: Runtime, { routeItems, openTrees, openTruth }: ReviewHelp): { close(): Promise<void> } => {
  const { db, config } = runtime
  const held = [
    openRouter(runtime, routeItems),
    openPublisher(runtime, { trees: openTrees(config), truth: openTruth(db, config) }),
  ]
  return {
    close: async () => {
      await Promise.all(held.map((each) => each.close()))
    },
  }
}
