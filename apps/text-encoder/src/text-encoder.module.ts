import { embedText } from '@reeltag/contracts'
import { openServedPacks, PackServer, type ServedPacks } from '@reeltag/inference'
import { HELD_OPEN, HoldingModule, PackLoads, type Runtime, type Service } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { TextEmbeddingsJobs } from './text-embeddings/text-embeddings.jobs.js'

const serve = ({ config, db, tracing, ...runtime }: Runtime): Promise<ServedPacks> =>
  openServedPacks({
    ...runtime,
    service: 'text-encoder',
    models: config.models,
    loads: new PackLoads(db, 'text-encoder'),
    tracing: runTracing(tracing),
    open: (packs, pack) => packs.encoder(pack, embedText.stream.name, 'text-encoder'),
  })

/** Text → token embeddings. */
export const textEncoder: Service = {
  name: 'text-encoder',
  needs: ['model-server'],
  handlers: (runtime) => ({
    module: HoldingModule,
    providers: [
      TextEmbeddingsJobs,
      { provide: HELD_OPEN, useFactory: () => serve(runtime) },
      { provide: PackServer, inject: [HELD_OPEN], useFactory: ({ packs }: ServedPacks) => packs },
    ],
  }),
}
