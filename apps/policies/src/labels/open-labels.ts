import { Outbox } from '@reeltag/events'
import type { Database } from '@reeltag/platform'
import { AuditAnswers } from '../audits/audit-answers.js'
import { AuditsRepository } from '../audits/audits.repository.js'
import { PoliciesRepository } from '../policies/policies.repository.js'
import { LabelTrees, type PackFolders } from '@reeltag/packs'
import { LabelsRepository } from './labels.repository.js'
import { LabelsService } from './labels.service.js'

/** Labels without HTTP, for commands. */
export const openLabels = (db: Database, folders: PackFolders): LabelsService =>
  new LabelsService(
    new LabelsRepository(db),
    new LabelTrees(folders),
    new AuditAnswers(new AuditsRepository(db), new PoliciesRepository(db), new Outbox()),
  )
