import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { PackServer, servePacks } from '@reeltag/inference'
import { RuntimeModule, type Runtime } from '@reeltag/messaging'
import { runTracing } from '@reeltag/platform'
import { TextEmbeddingsJobs } from './text-embeddings/text-embeddings.jobs.js'

/** Text → token embeddings. */
@Module({})
export class TextEncoderModule implements OnApplicationShutdown {
  constructor(private readonly packs: PackServer) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, metrics, health, tracing } = runtime
    const useFactory = async (): Promise<PackServer> => {
      const packs = servePacks(config.models, metrics, runTracing(tracing))
      await packs.text(config.models.pack)
      health.register('text-encoder', async () => void (await packs.text(config.models.pack)))
      return packs
    }
    return {
      module: TextEncoderModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [TextEmbeddingsJobs, { provide: PackServer, useFactory }],
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.packs.close()
  }
}
