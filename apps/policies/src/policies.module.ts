import { Module } from '@nestjs/common'
import type { Service } from '@reeltag/pipeline'
import { LabelTrees } from './labels/label-trees.js'
import { LabelsController } from './labels/labels.controller.js'
import { LabelsRepository } from './labels/labels.repository.js'
import { LabelsService } from './labels/labels.service.js'

export { exportLabels, type ExportOptions } from './label-files/export-labels.js'
export { importLabels, type ImportOptions, type ImportReport } from './label-files/import-labels.js'
export { type LabelFileFormat } from './label-files/columns.js'
export { csvCells, csvLine } from './tables/csv-cells.js'

@Module({})
class PoliciesRoutesModule {}

/** What is known to be true of contents, the policies that stand on it, and whether they keep their promise. */
export const policies: Service = {
  name: 'policies',
  routes: ({ config }) => ({
    module: PoliciesRoutesModule,
    controllers: [LabelsController],
    providers: [
      LabelsRepository,
      LabelsService,
      { provide: LabelTrees, useFactory: () => new LabelTrees(config.models) },
    ],
  }),
}
