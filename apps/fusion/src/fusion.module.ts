import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { PackServer, PackWatcher, servePacks } from '@reeltag/inference'
import { PackLoads, RuntimeModule, type Runtime } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { ClassificationJobs } from './classification/classification.jobs.js'
import { JudgingService } from './classification/judging.service.js'
import { PackLabelsReader } from '@reeltag/packs'
import { PredictionsRepository } from './classification/predictions.repository.js'

/** Joins the modalities, scores the labels, decides what is published and what a reviewer has to see. */
@Module({})
export class FusionModule implements OnApplicationShutdown {
  constructor(
    private readonly packs: PackServer,
    private readonly watcher: PackWatcher,
  ) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, db, logger, metrics, health, tracing } = runtime
    const useFactory = async (): Promise<PackServer> => {
      const packs = servePacks(config.models, metrics, runTracing(tracing))
      await packs.fusion(config.models.pack)
      health.register('fusion', async () => void (await packs.fusion(config.models.pack)))
      return packs
    }
    const watch = (packs: PackServer, labels: PackLabelsReader): PackWatcher => {
      const loads = new PackLoads(db, 'fusion')
      const open = (pack: string): Promise<unknown> => Promise.all([labels.of(pack), packs.fusion(pack)])
      const watcher = new PackWatcher({ loads, packs, open, own: config.models.pack, logger })
      watcher.start()
      return watcher
    }
    return {
      module: FusionModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [
        ClassificationJobs,
        JudgingService,
        PredictionsRepository,
        { provide: PackServer, useFactory },
        {
          provide: PackLabelsReader,
          inject: [PackServer],
          useFactory: async (packs: PackServer): Promise<PackLabelsReader> => {
            const labels = new PackLabelsReader(packs)
            // A taxonomy that does not fit stops the service here, not the first video.
            await labels.of(config.models.pack)
            return labels
          },
        },
        { provide: PackWatcher, inject: [PackServer, PackLabelsReader], useFactory: watch },
      ],
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watcher.stop()
    await this.packs.close()
  }
}
