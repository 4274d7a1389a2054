import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common'
import { openServedPacks, PackServer, type ServedPacks } from '@reeltag/inference'
import { PackLoads, type Runtime, type Service } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { TextEmbeddingsJobs } from './text-embeddings/text-embeddings.jobs.js'

const SERVED = Symbol('text-encoder.served-packs')

@Module({})
class TextEncoderModule implements OnApplicationShutdown {
  constructor(@Inject(SERVED) private readonly served: ServedPacks) {}

  onApplicationShutdown(): Promise<void> {
    return this.served.close()
  }
}

const serve = ({ config, db, tracing, ...runtime }: Runtime): Promise<ServedPacks> =>
  openServedPacks({
    ...runtime,
    service: 'text-encoder',
    models: config.models,
    loads: new PackLoads(db, 'text-encoder'),
    tracing: runTracing(tracing),
    open: (packs, pack) => packs.text(pack),
  })

/** Text → token embeddings. */
export const textEncoder: Service = {
  name: 'text-encoder',
  needs: ['model-server'],
  handlers: (runtime) => ({
    module: TextEncoderModule,
    providers: [
      TextEmbeddingsJobs,
      { provide: SERVED, useFactory: () => serve(runtime) },
      { provide: PackServer, inject: [SERVED], useFactory: ({ packs }: ServedPacks) => packs },
    ],
  }),
}
