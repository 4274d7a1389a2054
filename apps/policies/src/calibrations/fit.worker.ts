import { fitCalibrations, type FacetToCalibrate, type LabelledContent } from '@reeltag/decisions'
import { ReeltagError, type CalibrationFamily } from '@reeltag/contracts'
import { parentPort, workerData } from 'node:worker_threads'

/** What a fit is asked for. */
export interface FitTask {
  readonly facets: readonly FacetToCalibrate[]
  readonly contents: readonly LabelledContent[]
  readonly family: CalibrationFamily
}

const { facets, contents, family } = workerData as FitTask
try {
  parentPort?.postMessage({ fitted: fitCalibrations(facets, contents, { family }) })
} catch (error) {
  if (!(error instanceof ReeltagError)) throw error
  const { code, message, extensions } = error
  parentPort?.postMessage({ refused: { code, message, extensions } })
}
