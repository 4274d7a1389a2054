import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common'
import { RuntimeModule, type Runtime } from '@reeltag/pipeline'
import { DecoderPool } from './decoding/decoder-pool.js'
import { FrameSetsRepository } from './sampling/frame-sets.repository.js'
import { FramePlans } from '@reeltag/packs'
import { SamplingJobs } from './sampling/sampling.jobs.js'
import { SamplingService } from './sampling/sampling.service.js'

/** Video → frames. The only service that touches hostile bytes, and it does so in decoder children. */
@Module({})
export class IngestModule implements OnApplicationShutdown {
  constructor(private readonly decoders: DecoderPool) {}

  static register(runtime: Runtime): DynamicModule {
    const { config, metrics } = runtime
    const replaced = metrics.counter('reeltag_decoders_replaced_total', 'Decoder children that crashed, hung or grew')
    return {
      module: IngestModule,
      imports: [RuntimeModule.forRoot(runtime)],
      providers: [
        SamplingJobs,
        SamplingService,
        FrameSetsRepository,
        { provide: FramePlans, useValue: new FramePlans(config.models) },
        { provide: DecoderPool, useFactory: () => new DecoderPool(config.video, () => replaced.inc()) },
      ],
    }
  }

  onApplicationShutdown(): void {
    this.decoders.close()
  }
}
