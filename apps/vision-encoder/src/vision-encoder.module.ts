import { embedFrames } from '@reeltag/contracts'
import { openServedPacks, PackServer, type ServedPacks } from '@reeltag/inference'
import { HELD_OPEN, HoldingModule, PackLoads, type Runtime, type Service } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { FrameEmbeddingsJobs } from './frame-embeddings/frame-embeddings.jobs.js'

const serve = ({ config, db, tracing, ...runtime }: Runtime): Promise<ServedPacks> =>
  openServedPacks({
    ...runtime,
    service: 'vision-encoder',
    models: config.models,
    loads: new PackLoads(db, 'vision-encoder'),
    tracing: runTracing(tracing),
    open: (packs, pack) => packs.encoder(pack, embedFrames.stream.name, 'vision-encoder'),
  })

/** Frames → embeddings. The service that wants an accelerator. */
export const visionEncoder: Service = {
  name: 'vision-encoder',
  needs: ['blobs', 'model-server'],
  handlers: (runtime) => ({
    module: HoldingModule,
    providers: [
      FrameEmbeddingsJobs,
      { provide: HELD_OPEN, useFactory: () => serve(runtime) },
      { provide: PackServer, inject: [HELD_OPEN], useFactory: ({ packs }: ServedPacks) => packs },
    ],
  }),
}
