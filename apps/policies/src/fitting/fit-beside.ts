import { ReeltagError, type ErrorCode } from '@reeltag/contracts'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FitTask, Fitted, Task } from './fits.js'

type Answer<T> =
  | { readonly fitted: T }
  | {
      readonly refused: {
        readonly code: ErrorCode
        readonly message: string
        readonly extensions: Record<string, unknown>
      }
    }

/**
 * Fits in a thread of its own: with many classes and much truth it takes seconds, and requests must not wait for that.
 * @throws what the fit does: CALIBRATION_REFUSED, TARGET_UNPROVEN, DECISION_INPUT_INVALID; AbortError when the signal ends it
 */
export const fitBeside = async <T extends Task>(
  task: Omit<FitTask, 'task'> & { readonly task: T },
  signal?: AbortSignal,
): Promise<Fitted[T['kind']]> => {
  const worker = new Worker(new URL('./fit.worker.js', import.meta.url), {
    workerData: task,
    // Options of this process, such as an inspector's port, are not for the thread.
    execArgv: [],
  })
  try {
    const [answer] = (await once(worker, 'message', signal === undefined ? {} : { signal })) as [
      Answer<Fitted[T['kind']]>,
    ]
    if ('fitted' in answer) return answer.fitted
    const { code, message, extensions } = answer.refused
    throw new ReeltagError(code, message, { extensions })
  } finally {
    await worker.terminate()
  }
}
