import { Module, type DynamicModule } from '@nestjs/common'
import { Outbox } from '@reeltag/events'
import type { PackFolders } from '@reeltag/packs'
import { PredictionScores, WorkspaceKeys, type Runtime, type Service } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { AuditAnswers } from './audits/audit-answers.js'
import { AUDIT_SHARE, AuditChoice } from './audits/audit-choice.js'
import { AuditsConsumer } from './audits/audits.consumer.js'
import { AuditsController } from './audits/audits.controller.js'
import { AuditsRepository } from './audits/audits.repository.js'
import { KnownPolicies } from './audits/known-policies.js'
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
class PoliciesHandlersModule {}

@Module({})
class PoliciesRoutesModule {}

const handlersOf = (config: Runtime['config'], db: Database): DynamicModule => ({
  module: PoliciesHandlersModule,
  controllers: [AuditsConsumer],
  providers: [
    AuditChoice,
    AuditsRepository,
    KnownPolicies,
    PoliciesRepository,
    { provide: AUDIT_SHARE, useValue: config.audits.share },
    { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
    { provide: WorkspaceKeys, useFactory: () => new WorkspaceKeys(db) },
    { provide: PredictionScores, useFactory: () => new PredictionScores(db) },
  ],
})

/** What is known to be true of contents, the policies that stand on it, and whether they keep their promise. */
export const policies: Service = {
  name: 'policies',
  handlers: ({ config, db, logger }) => {
    // Without Kafka an event reaches only the process that relays it. If this one relayed, review would never hear of it.
    if (config.kafka === undefined && !config.services.includes('review')) {
      logger.warn('no audits are chosen here: set KAFKA_BROKERS, or run policies and review in one process')
      return { module: PoliciesHandlersModule }
    }
    return handlersOf(config, db)
  },
  routes: ({ config }) => ({
    module: PoliciesRoutesModule,
    controllers: [LabelsController, PoliciesController, AuditsController],
    providers: [
      LabelsRepository,
      LabelsService,
      PoliciesRepository,
      PoliciesService,
      AuditsRepository,
      AuditAnswers,
      { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
      { provide: LabelTrees, useFactory: () => new LabelTrees(config.models) },
    ],
  }),
}
