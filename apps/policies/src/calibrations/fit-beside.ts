import { ReeltagError, type ErrorCode } from '@reeltag/contracts'
import type { FittedCalibrations } from '@reeltag/decisions'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FitTask } from './fit.worker.js'

type Answer =
  | { readonly fitted: FittedCalibrations }
  | {
      readonly refused: {
        readonly code: ErrorCode
        readonly message: string
        readonly extensions: Record<string, unknown>
      }
    }

/**
 * Fits in a thread of its own: with many classes and much truth it takes seconds, and requests must not wait for that.
 * @throws CALIBRATION_REFUSED as `fitCalibrations`; AbortError when the signal ends it
 */
export const fitBeside = async (
  { facets, contents, family }: FitTask,
  signal?: AbortSignal,
): Promise<FittedCalibrations> => {
  const worker = new Worker(new URL('./fit.worker.js', import.meta.url), {
    workerData: { facets: facets.map(plain), contents, family } satisfies FitTask,
    // Options of this process, such as an inspector's port, are not for the thread.
    execArgv: [],
  })
  try {
    const [answer] = (await once(worker, 'message', signal === undefined ? {} : { signal })) as [Answer]
    if ('fitted' in answer) return answer.fitted
    const { code, message, extensions } = answer.refused
    throw new ReeltagError(code, message, { extensions })
  } finally {
    await worker.terminate()
  }
}

type Node = FitTask['facets'][number]['facet']['roots'][number]

/** Nodes of a taxonomy know their parents and have methods, which no thread can be given. */
const plain = ({ facet: { id, kind, roots }, leaves }: FitTask['facets'][number]): FitTask['facets'][number] => ({
  facet: { id, kind, roots: roots.map(plainNode) },
  leaves,
})
const plainNode = ({ id, children }: Node): Node => ({ id, children: children.map(plainNode) })
