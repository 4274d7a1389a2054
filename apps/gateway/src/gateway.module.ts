import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common'
import { CONFIG, type Service } from '@reeltag/pipeline'
import { Blobs, Database, type Config } from '@reeltag/platform'
import { accountControllers, accountProviders } from './accounts/accounts.js'
import { QueuesController } from './administration/queues.controller.js'
import { RerunsController } from './administration/reruns.controller.js'
import { ContentsController } from './contents/contents.controller.js'
import { ContentsRepository } from './contents/contents.repository.js'
import { ContentsService } from './contents/contents.service.js'
import { UploadReader } from './contents/upload-reader.js'
import { dashboardControllers, dashboardProviders } from './dashboard/dashboard.js'
import { ErrorsController } from './errors/errors.controller.js'
import { HealthController } from './health/health.controller.js'
import { KeysService } from '@reeltag/http'
import { LiveController } from './live/live.controller.js'
import { LiveHub } from './live/live-hub.js'
import { MediaController } from './media/media.controller.js'
import { MediaFilesController } from './media/media-files.controller.js'
import { MediaRepository } from './media/media.repository.js'
import { MediaService } from './media/media.service.js'
import { MediaUrls } from './media/media-urls.js'
import { TaxonomyController } from './taxonomy/taxonomy.controller.js'
import { TaxonomyService } from './taxonomy/taxonomy.service.js'

export { describeSubmission } from './contents/describe-submission.js'

@Module({})
class GatewayModule implements OnApplicationBootstrap {
  constructor(
    private readonly keys: KeysService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'bootstrapKey' | 'models'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bootstrapKey, models } = this.config
    if (bootstrapKey !== undefined) await this.keys.ensureBootstrap(bootstrapKey, models.pack)
  }
}

/** REST in, REST out. No inference. */
export const gateway: Service = {
  name: 'gateway',
  needs: ['blobs'],
  routes: ({ config, logger }) => ({
    module: GatewayModule,
    controllers: [
      ...accountControllers,
      ...dashboardControllers,
      ContentsController,
      ErrorsController,
      HealthController,
      LiveController,
      MediaController,
      MediaFilesController,
      QueuesController,
      RerunsController,
      TaxonomyController,
    ],
    providers: [
      ContentsService,
      ContentsRepository,
      ...accountProviders(config),
      ...dashboardProviders,
      { provide: LiveHub, inject: [Database], useFactory: (db: Database) => new LiveHub(db, logger) },
      MediaRepository,
      MediaService,
      MediaUrls,
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
    ],
  }),
}
