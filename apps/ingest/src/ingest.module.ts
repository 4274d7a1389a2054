import { Module, type OnApplicationShutdown } from '@nestjs/common'
import { FramePlans } from '@reeltag/packs'
import type { Service } from '@reeltag/pipeline'
import { DecoderPool } from './decoding/decoder-pool.js'
import { FrameSetsRepository } from './sampling/frame-sets.repository.js'
import { SamplingJobs } from './sampling/sampling.jobs.js'
import { SamplingService } from './sampling/sampling.service.js'

@Module({})
class IngestModule implements OnApplicationShutdown {
  constructor(private readonly decoders: DecoderPool) {}

  onApplicationShutdown(): void {
    this.decoders.close()
  }
}

/** Video → frames. The only service that touches hostile bytes, and it does so in decoder children. */
export const ingest: Service = {
  name: 'ingest',
  needs: ['blobs'],
  handlers: ({ config, metrics }) => {
    const replaced = metrics.counter('reeltag_decoders_replaced_total', 'Decoder children that crashed, hung or grew')
    return {
      module: IngestModule,
      providers: [
        SamplingJobs,
        SamplingService,
        FrameSetsRepository,
        { provide: FramePlans, useValue: new FramePlans(config.models) },
        { provide: DecoderPool, useFactory: () => new DecoderPool(config.video, () => replaced.inc()) },
      ],
    }
  },
}
