import { Injectable } from '@nestjs/common'
import { CalibrationDocument, type Calibration, type CalibrationFamily, type DraftPolicy } from '@reeltag/contracts'
import { isForCalibration, type FittedCalibrations, type LabelledContent, type Promises } from '@reeltag/decisions'
import type { FacetLabels } from '@reeltag/packs'
import { Database } from '@reeltag/platform'
import { readLabelled } from '../policies/labelled.js'
import { PackFacets } from '../policies/pack-facets.js'
import { fitBeside } from './fit-beside.js'
import type { Fitted } from './fits.js'

/** The truth of a workspace for the scores of one pack. */
export interface Truth {
  readonly pack: string
  readonly taxonomy: string
  readonly facets: readonly FacetLabels[]
  readonly contents: readonly LabelledContent[]
  readonly leftOut: Readonly<Record<string, number>>
}

/** Reads the truth, fits calibrations on the part of it that no proof uses, and proves policies on the other. */
@Injectable()
export class FitOnTruth {
  constructor(
    private readonly db: Database,
    private readonly packs: PackFacets,
  ) {}

  /** @throws PACK_INVALID, TAXONOMY_INVALID */
  async read(workspaceId: string, pack: string): Promise<Truth> {
    const [facets, taxonomy] = [await this.packs.of(pack), await this.packs.taxonomyOf(pack)]
    return { pack, taxonomy, facets, ...(await readLabelled(this.db, workspaceId, { pack, taxonomy })) }
  }

  /** @throws CALIBRATION_REFUSED where the family does not fit a facet; AbortError */
  async fit(
    truth: Truth,
    family: CalibrationFamily,
    signal?: AbortSignal,
  ): Promise<{ readonly fitted: FittedCalibrations; readonly document: CalibrationDocument }> {
    const { pack, taxonomy, contents, leftOut } = truth
    const own = contents.filter(isForCalibration)
    const task = { kind: 'calibrations', contents: own, family } as const
    const fitted = await fitBeside({ folders: this.packs.folders, pack, task }, signal)
    const { report, notCalibrated } = fitted
    const evidence = { labelled: contents.length, calibrated: own.length, leftOut, notCalibrated }
    const document = CalibrationDocument.parse({
      format: 1,
      pack,
      taxonomy,
      family,
      facets: fitted.facets,
      report,
      evidence,
    })
    return { fitted, document }
  }

  /** @throws TARGET_UNPROVEN with the number of labels that would do; DECISION_INPUT_INVALID */
  prove(
    { pack, contents }: Truth,
    promises: Promises,
    {
      calibrations,
      routing,
    }: {
      readonly calibrations: Readonly<Record<string, Calibration>>
      readonly routing: DraftPolicy['routing']
    },
  ): Promise<Fitted['policy']> {
    const task = { kind: 'policy', contents, promises, calibrations, routing } as const
    return fitBeside({ folders: this.packs.folders, pack, task })
  }
}
