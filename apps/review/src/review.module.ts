import { Module, type DynamicModule } from '@nestjs/common'
import { RuntimeModule, type Runtime } from '@reeltag/pipeline'
import { ItemsConsumer } from './items/items.consumer.js'
import { ItemsRepository } from './items/items.repository.js'

/** What the model is not sure of, kept for reviewers. */
@Module({})
export class ReviewModule {
  static register(runtime: Runtime): DynamicModule {
    return {
      module: ReviewModule,
      imports: [RuntimeModule.forRoot(runtime)],
      controllers: [ItemsConsumer],
      providers: [ItemsRepository],
    }
  }
}
