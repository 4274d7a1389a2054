import { Injectable } from '@nestjs/common'
import {
  calibrationFittedV1,
  CalibrationDocument,
  ReeltagError,
  type CalibrationFamily,
  type FitCalibration,
} from '@reeltag/contracts'
import { assertCalibrated } from '@reeltag/decisions'
import { Outbox, outgoing } from '@reeltag/events'
import { packInForce } from '@reeltag/pipeline'
import { Database, type Transaction } from '@reeltag/platform'
import { lockWorkspace } from '../policies/lock-workspace.js'
import type { PolicyActor } from '../policies/policy-actor.js'
import { publishOfPolicy } from '../policies/publish-of-policy.js'
import { CalibrationsRepository, type NewCalibration, type StoredCalibration } from './calibrations.repository.js'
import { FitOnTruth } from '../fitting/fit-on-truth.js'

/** A calibration is fitted again when the part of the truth that it stands on has grown by this share. */
export const growthMin = 0.2
/** Who a calibration is fitted by when new truth is the reason. */
const refitActor = 'refit'

/** Fits calibrations and keeps them. None changes what is published: only a policy that is proven with one does. */
@Injectable()
export class CalibrationsService {
  constructor(
    private readonly db: Database,
    private readonly repository: CalibrationsRepository,
    private readonly truth: FitOnTruth,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Fits a calibration for the pack in force on the part of the truth that no proof uses.
   * @throws CALIBRATION_REFUSED with the number that would do; CALIBRATION_PACK_DIFFERS where the pack changed meanwhile
   */
  async fit({ workspaceId, actor }: PolicyActor, { name, family }: FitCalibration): Promise<StoredCalibration> {
    const document = await this.fitted(workspaceId, await packInForce(this.db, workspaceId), family)
    return this.db.transaction(
      async (tx) => {
        await this.lock(tx, workspaceId, document)
        return this.store(tx, { workspaceId, name, document, because: 'asked', actor })
      },
      { durable: true },
    )
  }

  /**
   * Fits the next version of a calibration, by the same family, where the part of the truth that it stands on has grown
   * enough.
   * @returns undefined where it has not, or where there is a newer calibration or another pack by now
   * @throws CALIBRATION_REFUSED; AbortError
   */
  async refit(workspaceId: string, id: string, signal: AbortSignal): Promise<StoredCalibration | undefined> {
    const before = await this.repository.get(workspaceId, id)
    const { family, evidence } = CalibrationDocument.parse(before.document)
    const document = await this.fitted(workspaceId, before.pack, family, signal)
    if (document.evidence.calibrated < (1 + growthMin) * evidence.calibrated) return undefined
    return this.db.transaction(
      async (tx) => {
        const pack = await lockWorkspace(tx, workspaceId)
        const latest = await this.repository.latest(workspaceId, pack, tx)
        if (latest?.id !== before.id) return undefined
        return this.store(tx, { workspaceId, name: before.name, document, because: 'grown', actor: refitActor })
      },
      { durable: true },
    )
  }

  /**
   * Stores a calibration that a policy was drafted with, in the transaction of the draft, or finds the one that has the same
   * maps. Needs the lock on the workspace.
   * @returns its `name/number`
   */
  async keepForDraft(tx: Transaction, calibration: Omit<NewCalibration, 'because'>): Promise<string> {
    const known = await this.repository.equal(tx, calibration.workspaceId, calibration.document)
    return (known ?? (await this.store(tx, { ...calibration, because: 'draft' }))).ref
  }

  /** @throws NOT_FOUND; CALIBRATION_PACK_DIFFERS */
  async forDraft(
    workspaceId: string,
    id: string,
    pack: string,
  ): Promise<{ readonly ref: string; readonly document: CalibrationDocument }> {
    const { ref, ...row } = await this.repository.get(workspaceId, id)
    if (row.pack !== pack)
      throw new ReeltagError('CALIBRATION_PACK_DIFFERS', `${ref} is of ${row.pack}; in force is ${pack}`)
    return { ref, document: CalibrationDocument.parse(row.document) }
  }

  private async fitted(
    workspaceId: string,
    pack: string,
    family: CalibrationFamily,
    signal?: AbortSignal,
  ): Promise<CalibrationDocument> {
    const truth = await this.truth.read(workspaceId, pack)
    const { fitted, document } = await this.truth.fit(truth, family, signal)
    assertCalibrated(fitted, truth.leftOut)
    return document
  }

  private async store(tx: Transaction, calibration: NewCalibration): Promise<StoredCalibration> {
    const row = await this.repository.insert(tx, calibration)
    const { document, because, actor } = calibration
    const data = {
      calibrationId: row.id,
      calibration: row.ref,
      pack: row.pack,
      taxonomy: document.taxonomy,
      because,
      contents: document.evidence.calibrated,
      actor,
    }
    await publishOfPolicy(this.outbox, tx, row, outgoing(calibrationFittedV1, data))
    return row
  }

  /** @throws CALIBRATION_PACK_DIFFERS where the pack changed while the calibration was fitted */
  private async lock(tx: Transaction, workspaceId: string, document: CalibrationDocument): Promise<void> {
    const pack = await lockWorkspace(tx, workspaceId)
    if (pack !== document.pack)
      throw new ReeltagError(
        'CALIBRATION_PACK_DIFFERS',
        `it was fitted on ${document.pack}; meanwhile ${pack} came into force`,
      )
  }
}
