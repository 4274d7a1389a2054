import { Module, type Provider } from '@nestjs/common'
import { Outbox } from '@reeltag/events'
import { PredictionScores, WorkspaceKeys, type Runtime, type Service } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { AuditAnswers } from './audits/audit-answers.js'
import { AUDIT_SHARE, AuditChoice } from './audits/audit-choice.js'
import { AuditsConsumer } from './audits/audits.consumer.js'
import { AuditsController } from './audits/audits.controller.js'
import { AuditsRepository } from './audits/audits.repository.js'
import { KnownPolicies } from './audits/known-policies.js'
import { CalibrationRefits, REFIT_LABELS } from './calibrations/calibration-refits.js'
import { CalibrationsConsumer } from './calibrations/calibrations.consumer.js'
import { CalibrationsController } from './calibrations/calibrations.controller.js'
import { CalibrationsRepository } from './calibrations/calibrations.repository.js'
import { CalibrationsService } from './calibrations/calibrations.service.js'
import { FitOnTruth } from './fitting/fit-on-truth.js'
import { LabelTrees, type PackFolders } from '@reeltag/packs'
import { LabelsController } from './labels/labels.controller.js'
import { LabelsRepository } from './labels/labels.repository.js'
import { LabelsService } from './labels/labels.service.js'
import { PlotsController } from './plots/plots.controller.js'
import { PlotsService } from './plots/plots.service.js'
import { PackFacets } from './policies/pack-facets.js'
import { PoliciesController } from './policies/policies.controller.js'
import { PoliciesRepository } from './policies/policies.repository.js'
import { PoliciesService } from './policies/policies.service.js'
import { Redecider } from './redecisions/redecider.js'
import { RedecisionWorker } from './redecisions/redecision-worker.js'
import { RedecisionsController } from './redecisions/redecisions.controller.js'
import { RedecisionsRepository } from './redecisions/redecisions.repository.js'

export { openReviewTruth } from './labels/review-truth.js'
export { exportLabels, type ExportOptions } from './label-files/export-labels.js'
export { importLabels, type ImportOptions, type ImportReport } from './label-files/import-labels.js'
export { type LabelFileFormat } from './label-files/columns.js'
export { csvCells, csvLine } from './tables/csv-cells.js'

export type { CalibrationSummary, StoredCalibration } from './calibrations/calibrations.repository.js'
export { CalibrationsService } from './calibrations/calibrations.service.js'
export { PlotsService, type PlotChoice } from './plots/plots.service.js'
export type { RedecisionRow, RedecisionsRepository } from './redecisions/redecisions.repository.js'
export type { PolicyRow } from './policies/policies.repository.js'
export { PoliciesService } from './policies/policies.service.js'

/** Policies and calibrations without HTTP. */
export interface OpenedPolicies {
  readonly service: PoliciesService
  readonly repository: PoliciesRepository
  readonly calibrations: { readonly service: CalibrationsService; readonly repository: CalibrationsRepository }
  readonly plots: PlotsService
  readonly redecisions: RedecisionsRepository
}

/** For commands. */
export const openPolicies = (db: Database, folders: PackFolders): OpenedPolicies => {
  const [packs, outbox] = [new PackFacets(folders), new Outbox()]
  const [repository, calibrations] = [new PoliciesRepository(db), new CalibrationsRepository(db)]
  const truth = new FitOnTruth(db, packs)
  const fits = new CalibrationsService(db, calibrations, truth, outbox)
  return {
    service: new PoliciesService(db, repository, packs, outbox, truth, fits),
    repository,
    calibrations: { service: fits, repository: calibrations },
    plots: new PlotsService(repository, calibrations, packs),
    redecisions: new RedecisionsRepository(db, repository),
  }
}

@Module({})
class PoliciesHandlersModule {}

@Module({})
class PoliciesRoutesModule {}

/** Needs no events. */
const redeciding = (config: Runtime['config'], db: Database): Provider[] => [
  KnownPolicies,
  PoliciesRepository,
  Redecider,
  RedecisionWorker,
  { provide: WorkspaceKeys, useFactory: () => new WorkspaceKeys(db) },
  { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
]

/** What fits calibrations again when new truth came. Needs no events either. */
const refitting = (config: Runtime['config']): Provider[] => [
  CalibrationRefits,
  CalibrationsRepository,
  CalibrationsService,
  FitOnTruth,
  { provide: REFIT_LABELS, useValue: config.calibrations.refitLabels },
]

const auditing = (config: Runtime['config'], db: Database): Provider[] => [
  AuditChoice,
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
      return { module: PoliciesHandlersModule, providers: [...redeciding(config, db), ...refitting(config)] }
    }
    return {
      module: PoliciesHandlersModule,
      controllers: [AuditsConsumer, CalibrationsConsumer],
      providers: [...redeciding(config, db), ...refitting(config), ...auditing(config, db)],
    }
  },
  routes: ({ config }) => ({
    module: PoliciesRoutesModule,
    controllers: [
      LabelsController,
      PoliciesController,
      AuditsController,
      RedecisionsController,
      CalibrationsController,
      PlotsController,
    ],
    providers: [
      LabelsRepository,
      LabelsService,
      PoliciesRepository,
      PoliciesService,
      RedecisionsRepository,
      AuditsRepository,
      AuditAnswers,
      CalibrationsRepository,
      CalibrationsService,
      FitOnTruth,
      PlotsService,
      { provide: PackFacets, useFactory: () => new PackFacets(config.models) },
      { provide: LabelTrees, useFactory: () => new LabelTrees(config.models) },
    ],
  }),
}
