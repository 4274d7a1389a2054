import { ReeltagError } from '@reeltag/contracts'
import { parentPort, workerData } from 'node:worker_threads'
import { PackFacets } from '../policies/pack-facets.js'
import { fits, type FitTask } from './fits.js'

const { folders, pack, task } = workerData as FitTask
try {
  const facets = await new PackFacets(folders).of(pack)
  parentPort?.postMessage({ fitted: fits[task.kind](facets, task as never) })
} catch (error) {
  if (!(error instanceof ReeltagError)) throw error
  const { code, message, extensions } = error
  parentPort?.postMessage({ refused: { code, message, extensions } })
}
