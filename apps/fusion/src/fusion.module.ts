import { openServedPacks, PackServer, type ServedPacks } from '@reeltag/inference'
import { PackLabelsReader } from '@reeltag/packs'
import {
  ActivePolicies,
  HELD_OPEN,
  HoldingModule,
  PackLoads,
  PredictionsRepository,
  WorkspaceKeys,
  type Runtime,
  type Service,
} from '@reeltag/pipeline'
import { runTracing } from '@reeltag/platform'
import { ClassificationJobs } from './classification/classification.jobs.js'
import { ContentFacts } from './classification/content-facts.js'
import { JudgingService } from './classification/judging.service.js'

interface ServedWithLabels extends ServedPacks {
  readonly labels: PackLabelsReader
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
    // A taxonomy that does not match must fail the start of the service, not the first video.
    open: (packs, pack) => Promise.all([labelsOf(packs).of(pack), packs.head(pack)]),
  })
  return { ...served, labels: labelsOf(served.packs) }
}

/** Joins the streams, scores the labels, decides what is published and what a reviewer has to see. */
export const fusion: Service = {
  name: 'fusion',
  handlers: (runtime) => ({
    module: HoldingModule,
    providers: [
      ClassificationJobs,
      ContentFacts,
      JudgingService,
      PredictionsRepository,
      { provide: ActivePolicies, useFactory: () => new ActivePolicies(runtime.db) },
      { provide: WorkspaceKeys, useFactory: () => new WorkspaceKeys(runtime.db) },
      { provide: HELD_OPEN, useFactory: () => serve(runtime) },
      { provide: PackServer, inject: [HELD_OPEN], useFactory: ({ packs }: ServedWithLabels) => packs },
      { provide: PackLabelsReader, inject: [HELD_OPEN], useFactory: ({ labels }: ServedWithLabels) => labels },
    ],
  }),
}
