import { Inject, Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { CONFIG, RuntimeModule, type Runtime } from '@reeltag/pipeline'
import { Blobs, Database, type Config } from '@reeltag/platform'
import { QueuesController } from './administration/queues.controller.js'
import { RerunsController } from './administration/reruns.controller.js'
import { ContentsController } from './contents/contents.controller.js'
import { ContentsRepository } from './contents/contents.repository.js'
import { ContentsService } from './contents/contents.service.js'
import { UploadReader } from './contents/upload-reader.js'
import { ErrorsController } from './errors/errors.controller.js'
import { HealthController } from './health/health.controller.js'
import { KeyGuard } from './keys/key.guard.js'
import { KeysRepository } from './keys/keys.repository.js'
import { KeysService } from './keys/keys.service.js'
import { ReviewController } from './review/review.controller.js'
import { ReviewRepository } from './review/review.repository.js'
import { TaxonomyController } from './taxonomy/taxonomy.controller.js'
import { TaxonomyService } from './taxonomy/taxonomy.service.js'

export { KeysRepository } from './keys/keys.repository.js'
export { KeysService } from './keys/keys.service.js'
export { prepareGateway } from './prepare-gateway.js'

/** REST in, REST out. No inference. */
@Module({})
export class GatewayModule implements OnApplicationBootstrap {
  constructor(
    private readonly keys: KeysService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'bootstrapKey' | 'models'>,
  ) {}

  static register(runtime: Runtime): DynamicModule {
    const { config } = runtime
    return {
      module: GatewayModule,
      imports: [RuntimeModule.forRoot(runtime)],
      controllers: [
        ContentsController,
        ErrorsController,
        HealthController,
        QueuesController,
        RerunsController,
        ReviewController,
        TaxonomyController,
      ],
      providers: [
        ContentsService,
        ContentsRepository,
        KeysService,
        KeysRepository,
        ReviewRepository,
        {
          provide: UploadReader,
          inject: [Blobs],
          useFactory: (blobs: Blobs) => new UploadReader(blobs, config.uploads),
        },
        {
          provide: TaxonomyService,
          inject: [Database],
          useFactory: (db: Database) => new TaxonomyService(db, config.models),
        },
        { provide: APP_GUARD, useClass: KeyGuard },
      ],
    }
  }

  async onApplicationBootstrap(): Promise<void> {
    const { bootstrapKey, models } = this.config
    if (bootstrapKey !== undefined) await this.keys.ensureBootstrap(bootstrapKey, models.pack)
  }
}
