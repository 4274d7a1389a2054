import type { Calibration, CalibrationFamily, DraftPolicy } from '@reeltag/contracts'
import {
  fitCalibrations,
  fitPolicy,
  fitRouting,
  type FittedCalibrations,
  type FittedPolicy,
  type LabelledContent,
  type Promises,
} from '@reeltag/decisions'
import type { FacetLabels, PackFolders } from '@reeltag/packs'

interface CalibrationsTask {
  readonly kind: 'calibrations'
  readonly contents: readonly LabelledContent[]
  readonly family: CalibrationFamily
}

interface PolicyTask {
  readonly kind: 'policy'
  readonly contents: readonly LabelledContent[]
  readonly promises: Promises
  /** By facet. */
  readonly calibrations: Readonly<Record<string, Calibration>>
  readonly routing: DraftPolicy['routing']
}

export interface Fitted {
  readonly calibrations: FittedCalibrations
  readonly policy: { readonly fitted: FittedPolicy; readonly routing: ReturnType<typeof fitRouting> | undefined }
}

export type Task = CalibrationsTask | PolicyTask

/** What a thread is given. Facets have methods, which no thread can be given: it reads the pack's itself. */
export interface FitTask {
  readonly folders: PackFolders
  /** `name/version` */
  readonly pack: string
  readonly task: Task
}

/** All that is fitted on truth. */
export const fits = {
  calibrations: (facets: readonly FacetLabels[], { contents, family }: CalibrationsTask): Fitted['calibrations'] =>
    fitCalibrations(facets, contents, { family }),
  policy: (
    facets: readonly FacetLabels[],
    { contents, promises, calibrations, routing }: PolicyTask,
  ): Fitted['policy'] => ({
    fitted: fitPolicy(facets, contents, promises, calibrations),
    routing: routing && fitRouting(facets, contents, routing),
  }),
}
