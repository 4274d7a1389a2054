import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { PackServer, PackWatcher, servePacks } from '@reeltag/inference'
import { PackLoads, RuntimeModule, type Runtime } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { FrameEmbeddingsJobs } from './frame-embeddings/frame-embeddings.jobs.js'

/** Frames → embeddings. The service that wants an accelerator. */
@Module({})
export class VisionEncoderModule implements OnApplicationShutdown {
  constructor(
    private readonly packs: PackServer,
    private readonly watcher: PackWatcher,
  ) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, db, logger, metrics, health, tracing } = runtime
    // Opening here, before the service listens: the first video must not wait for the model to load.
    const useFactory = async (): Promise<PackServer> => {
      const packs = servePacks(config.models, metrics, runTracing(tracing))
      await packs.vision(config.models.pack)
      health.register('vision-encoder', async () => void (await packs.vision(config.models.pack)))
      return packs
    }
    const watch = (packs: PackServer): PackWatcher => {
      const loads = new PackLoads(db, 'vision-encoder')
      const open = (pack: string): Promise<unknown> => packs.vision(pack)
      const watcher = new PackWatcher({ loads, packs, open, own: config.models.pack, logger })
      watcher.start()
      return watcher
    }
    return {
      module: VisionEncoderModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [
        FrameEmbeddingsJobs,
        { provide: PackServer, useFactory },
        { provide: PackWatcher, inject: [PackServer], useFactory: watch },
      ],
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watcher.stop()
    await this.packs.close()
  }
}
