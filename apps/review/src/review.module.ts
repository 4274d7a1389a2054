import { Module } from '@nestjs/common'
import type { Service } from '@reeltag/pipeline'
import { ItemsConsumer } from './items/items.consumer.js'
import { ItemsController } from './items/items.controller.js'
import { ItemsRepository } from './items/items.repository.js'

@Module({ controllers: [ItemsConsumer], providers: [ItemsRepository] })
class ReviewHandlersModule {}

@Module({ controllers: [ItemsController], providers: [ItemsRepository] })
class ReviewRoutesModule {}

/** What the model is not sure of, kept for reviewers. */
export const review: Service = {
  name: 'review',
  handlers: () => ({ module: ReviewHandlersModule }),
  routes: () => ({ module: ReviewRoutesModule }),
}
