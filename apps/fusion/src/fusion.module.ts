import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { PackServer, servePacks } from '@reeltag/inference'
import { RuntimeModule, type Runtime } from '@reeltag/messaging'
import { runTracing } from '@reeltag/platform'
import { ClassificationJobs } from './classification/classification.jobs.js'
import { ClassificationService } from './classification/classification.service.js'
import { PackLabelsService } from './classification/pack-labels.service.js'
import { PredictionsRepository } from './classification/predictions.repository.js'

/** Joins the modalities, scores the labels, decides what is published and what a reviewer has to see. */
@Module({})
export class FusionModule implements OnApplicationShutdown {
  constructor(private readonly packs: PackServer) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, metrics, health, tracing } = runtime
    const useFactory = async (): Promise<PackServer> => {
      const packs = servePacks(config.models, metrics, runTracing(tracing))
      await packs.fusion(config.models.pack)
      health.register('fusion', async () => void (await packs.fusion(config.models.pack)))
      return packs
    }
    return {
      module: FusionModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [
        ClassificationJobs,
        ClassificationService,
        PredictionsRepository,
        { provide: PackServer, useFactory },
        {
          provide: PackLabelsService,
          inject: [PackServer],
          useFactory: async (packs: PackServer): Promise<PackLabelsService> => {
            const labels = new PackLabelsService(packs)
            // A taxonomy that does not fit stops the service here, not the first video.
            await labels.of(config.models.pack)
            return labels
          },
        },
      ],
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.packs.close()
  }
}
