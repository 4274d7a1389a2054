import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common'
import { openServedPacks, PackServer, type ServedPacks } from '@reeltag/inference'
import { PackLoads, type Runtime, type Service } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { FrameEmbeddingsJobs } from './frame-embeddings/frame-embeddings.jobs.js'

const SERVED = Symbol('vision-encoder.served-packs')

@Module({})
class VisionEncoderModule implements OnApplicationShutdown {
  constructor(@Inject(SERVED) private readonly served: ServedPacks) {}

  onApplicationShutdown(): Promise<void> {
    return this.served.close()
  }
}

const serve = ({ config, db, tracing, ...runtime }: Runtime): Promise<ServedPacks> =>
  openServedPacks({
    ...runtime,
    service: 'vision-encoder',
    models: config.models,
    loads: new PackLoads(db, 'vision-encoder'),
    tracing: runTracing(tracing),
    open: (packs, pack) => packs.vision(pack),
  })

/** Frames → embeddings. The service that wants an accelerator. */
export const visionEncoder: Service = {
  name: 'vision-encoder',
  needs: ['blobs', 'model-server'],
  handlers: (runtime) => ({
    module: VisionEncoderModule,
    providers: [
      FrameEmbeddingsJobs,
      { provide: SERVED, useFactory: () => serve(runtime) },
      { provide: PackServer, inject: [SERVED], useFactory: ({ packs }: ServedPacks) => packs },
    ],
  }),
}
