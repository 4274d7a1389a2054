import { Module } from '@nestjs/common'
import { Outbox } from '@reeltag/events'
import type { PackFolders } from '@reeltag/packs'
import type { Service } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { LabelTrees } from './labels/label-trees.js'
import { LabelsController } from './labels/labels.controller.js'
import { LabelsRepository } from './labels/labels.repository.js'
import { LabelsService } from './labels/labels.service.js'
import { PackFacets } from './policies/pack-facets.js'
import { PoliciesController } from './policies/policies.controller.js'
import { PoliciesRepository } from './policies/policies.repository.js'
import { PoliciesService } from './policies/policies.service.js'

export { exportLabels, type ExportOptions } from './label-files/export-labels.js'
export { importLabels, type ImportOptions, type ImportReport } from './label-files/import-labels.js'
export { type LabelFileFormat } from './label-files/columns.js'
export { csvCells, csvLine } from './tables/csv-cells.js'

export type { PolicyRow } from './policies/policies.repository.js'
export { PoliciesService } from './policies/policies.service.js'

/** Policies without HTTP, for commands. */
export const openPolicies = (
  db: Database,
  folders: PackFolders,
): { readonly service: PoliciesService; readonly repository: PoliciesRepository } => {
  const repository = new PoliciesRepository(db)
  return { service: new PoliciesService(db, repository, new PackFacets(folders), new Outbox()), repository }
}

@Module({})
class PoliciesRoutesModule {}

/** What is known to be true of contents, the policies that stand on it, and whether they keep their promise. */
export const policies: Service = {
  name: 'policies',
  routes: ({ config }) => ({
    module: PoliciesRoutesModule,
    controllers: [LabelsController, PoliciesController],
    providers: [
      LabelsRepository,
      LabelsService,
      PoliciesRepository,
      PoliciesService,
      { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
      { provide: LabelTrees, useFactory: () => new LabelTrees(config.models) },
    ],
  }),
}
