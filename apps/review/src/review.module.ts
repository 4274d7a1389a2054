import { Module } from '@nestjs/common'
import { HELD_OPEN, HoldingModule, type Service } from '@reeltag/pipeline'
import { ItemsConsumer } from './items/items.consumer.js'
import { ItemsController } from './items/items.controller.js'
import { ItemsRepository } from './items/items.repository.js'
import { CapacityRepository } from './routing/capacity.repository.js'
import { openRouter } from './routing/open-router.js'
import type { RouteItems } from './routing/route-items.js'
import { RoutingController } from './routing/routing.controller.js'

export { ItemsRepository } from './items/items.repository.js'
export { CapacityRepository } from './routing/capacity.repository.js'
export { Router } from './routing/router.js'

@Module({
  controllers: [ItemsController, RoutingController],
  providers: [ItemsRepository, CapacityRepository],
})
class ReviewRoutesModule {}

export const reviewRoutes = () => ({ module: ReviewRoutesModule })

/** What the model is not sure of, kept for reviewers, and who looks at what. */
export const review = (routeItems: RouteItems): Service => ({
  name: 'review',
  handlers: (runtime) => ({
    module: HoldingModule,
    controllers: [ItemsConsumer],
    providers: [ItemsRepository, { provide: HELD_OPEN, useFactory: () => openRouter(runtime, routeItems) }],
  }),
  routes: reviewRoutes,
})
