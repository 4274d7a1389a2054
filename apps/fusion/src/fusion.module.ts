import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common'
import { openServedPacks, PackServer, type ServedPacks } from '@reeltag/inference'
import { PackLabelsReader } from '@reeltag/packs'
import { PackLoads, type Runtime, type Service } from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { ClassificationJobs } from './classification/classification.jobs.js'
import { JudgingService } from './classification/judging.service.js'
import { PredictionsRepository } from './classification/predictions.repository.js'

const SERVED = Symbol('fusion.served-packs')

interface ServedWithLabels extends ServedPacks {
  readonly labels: PackLabelsReader
}

@Module({})
class FusionModule implements OnApplicationShutdown {
  constructor(@Inject(SERVED) private readonly served: ServedPacks) {}

  onApplicationShutdown(): Promise<void> {
    return this.served.close()
  }
}

const serve = async ({ config, db, tracing, ...runtime }: Runtime): Promise<ServedWithLabels> => {
  let labels: PackLabelsReader | undefined
  const labelsOf = (packs: PackServer): PackLabelsReader => (labels ??= new PackLabelsReader(packs))
  const served = await openServedPacks({
    ...runtime,
    service: 'fusion',
    models: config.models,
    loads: new PackLoads(db, 'fusion'),
    tracing: runTracing(tracing),
    // A taxonomy that does not fit stops the service at the start, not the first video.
    open: (packs, pack) => Promise.all([labelsOf(packs).of(pack), packs.fusion(pack)]),
  })
  return { ...served, labels: labelsOf(served.packs) }
}

/** Joins the streams, scores the labels, decides what is published and what a reviewer has to see. */
export const fusion: Service = {
  name: 'fusion',
  handlers: (runtime) => ({
    module: FusionModule,
    providers: [
      ClassificationJobs,
      JudgingService,
      PredictionsRepository,
      { provide: SERVED, useFactory: () => serve(runtime) },
      { provide: PackServer, inject: [SERVED], useFactory: ({ packs }: ServedWithLabels) => packs },
      { provide: PackLabelsReader, inject: [SERVED], useFactory: ({ labels }: ServedWithLabels) => labels },
    ],
  }),
}
