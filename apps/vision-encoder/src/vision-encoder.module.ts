import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { PackServer, servePacks } from '@reeltag/inference'
import { RuntimeModule, type Runtime } from '@reeltag/messaging'
import { runTracing } from '@reeltag/platform'
import { FrameEmbeddingsJobs } from './frame-embeddings/frame-embeddings.jobs.js'

/** Frames → embeddings. The service that wants an accelerator. */
@Module({})
export class VisionEncoderModule implements OnApplicationShutdown {
  constructor(private readonly packs: PackServer) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, metrics, health, tracing } = runtime
    // Opening here, before the service listens: the first video must not wait for the model to load.
    const useFactory = async (): Promise<PackServer> => {
      const packs = servePacks(config.models, metrics, runTracing(tracing))
      await packs.vision(config.models.pack)
      health.register('vision-encoder', async () => void (await packs.vision(config.models.pack)))
      return packs
    }
    return {
      module: VisionEncoderModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [FrameEmbeddingsJobs, { provide: PackServer, useFactory }],
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.packs.close()
  }
}
