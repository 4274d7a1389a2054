import { Module, type Provider } from '@nestjs/common'
import { Outbox } from '@reeltag/events'
import type { PackFolders } from '@reeltag/packs'
import { PredictionScores, type Runtime, type Service } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { AuditAnswers } from './audits/audit-answers.js'
import { AUDIT_SHARE, AuditChoice } from './audits/audit-choice.js'
import { AuditKeys } from './audits/audit-keys.js'
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
import { Redecider } from './redecisions/redecider.js'
import { RedecisionWorker } from './redecisions/redecision-worker.js'
import { RedecisionsController } from './redecisions/redecisions.controller.js'
import { RedecisionsRepository } from './redecisions/redecisions.repository.js'

export { exportLabels, type ExportOptions } from './label-files/export-labels.js'
export { importLabels, type ImportOptions, type ImportReport } from './label-files/import-labels.js'
export { type LabelFileFormat } from './label-files/columns.js'
export { csvCells, csvLine } from './tables/csv-cells.js'

export type { RedecisionRow, RedecisionsRepository } from './redecisions/redecisions.repository.js'
export type { PolicyRow } from './policies/policies.repository.js'
export { PoliciesService } from './policies/policies.service.js'

/** Policies without HTTP, for commands. */
export const openPolicies = (
  db: Database,
  folders: PackFolders,
): {
  readonly service: PoliciesService
  readonly repository: PoliciesRepository
  readonly redecisions: RedecisionsRepository
} => {
  const repository = new PoliciesRepository(db)
  const service = new PoliciesService(db, repository, new PackFacets(folders), new Outbox())
  return { service, repository, redecisions: new RedecisionsRepository(db, repository) }
}

@Module({})
class PoliciesHandlersModule {}

@Module({})
class PoliciesRoutesModule {}

/** Needs no events. */
const redeciding = (config: Runtime['config']): Provider[] => [
  KnownPolicies,
  PoliciesRepository,
  Redecider,
  RedecisionWorker,
  { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
]

const auditing = (config: Runtime['config'], db: Database): Provider[] => [
  AuditChoice,
  AuditKeys,
  AuditsRepository,
  { provide: AUDIT_SHARE, useValue: config.audits.share },
  { provide: PredictionScores, useFactory: () => new PredictionScores(db) },
]

/** What is known to be true of contents, the policies that stand on it, and whether they keep their promise. */
export const policies: Service = {
  name: 'policies',
  handlers: ({ config, db, logger }) => {
    // Without Kafka an event reaches only the process that relays it. If this one relayed, review would never hear of it.
    if (config.kafka === undefined && !config.services.includes('review')) {
      logger.warn('no audits are chosen here: set KAFKA_BROKERS, or run policies and review in one process')
      return { module: PoliciesHandlersModule, providers: redeciding(config) }
    }
    return {
      module: PoliciesHandlersModule,
      controllers: [AuditsConsumer],
      providers: [...redeciding(config), ...auditing(config, db)],
    }
  },
  routes: ({ config }) => ({
    module: PoliciesRoutesModule,
    controllers: [LabelsController, PoliciesController, AuditsController, RedecisionsController],
    providers: [
      LabelsRepository,
      LabelsService,
      PoliciesRepository,
      PoliciesService,
      RedecisionsRepository,
      AuditsRepository,
      AuditAnswers,
      { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
      { provide: LabelTrees, useFactory: () => new LabelTrees(config.models) },
    ],
  }),
}
