import { FramePlans } from '@reeltag/packs'
import { HELD_OPEN, HoldingModule, type Service } from '@reeltag/pipeline'
import { DECODER } from './decoding/decoder.js'
import { openDecoder } from './decoding/open-decoder.js'
import { FrameSetsRepository } from './sampling/frame-sets.repository.js'
import { SamplingJobs } from './sampling/sampling.jobs.js'
import { SamplingService } from './sampling/sampling.service.js'

/** Video → frames. The only service that touches hostile bytes, and it does so in decoder children. */
export const ingest: Service = {
  name: 'ingest',
  needs: ['blobs'],
  handlers: ({ config, metrics }) => {
    const replaced = metrics.counter('reeltag_decoders_replaced_total', 'Decoder children that crashed, hung or grew')
    return {
      module: HoldingModule,
      providers: [
        SamplingJobs,
        SamplingService,
        FrameSetsRepository,
        { provide: FramePlans, useValue: new FramePlans(config.models) },
        { provide: DECODER, useFactory: () => openDecoder(config.video, () => replaced.inc()) },
        { provide: HELD_OPEN, useExisting: DECODER },
      ],
    }
  },
}
