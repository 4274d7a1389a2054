import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { PackServer, PackWatcher, servePacks } from '@reeltag/inference'
import { PackLoads, RuntimeModule, type Runtime } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { TextEmbeddingsJobs } from './text-embeddings/text-embeddings.jobs.js'

/** Text → token embeddings. */
@Module({})
export class TextEncoderModule implements OnApplicationShutdown {
  constructor(
    private readonly packs: PackServer,
    private readonly watcher: PackWatcher,
  ) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, db, logger, metrics, health, tracing } = runtime
    const useFactory = async (): Promise<PackServer> => {
      const packs = servePacks(config.models, metrics, runTracing(tracing))
      await packs.text(config.models.pack)
      health.register('text-encoder', async () => void (await packs.text(config.models.pack)))
      return packs
    }
    const watch = (packs: PackServer): PackWatcher => {
      const loads = new PackLoads(db, 'text-encoder')
      const open = (pack: string): Promise<unknown> => packs.text(pack)
      const watcher = new PackWatcher({ loads, packs, open, own: config.models.pack, logger })
      watcher.start()
      return watcher
    }
    return {
      module: TextEncoderModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [
        TextEmbeddingsJobs,
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
