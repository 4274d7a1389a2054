import type { LiveTensor } from './session-messages.js'
import type { Tensors } from '../tensors/tensor.js'

/** One place where a model runs, a batch at a time: a thread here, or a request to the model server. */
export interface Lane {
  readonly inputs: readonly LiveTensor[]
  readonly outputs: readonly LiveTensor[]
  /** False from when it cannot run any more; another one must be opened. */
  readonly alive: boolean
  /** What is handed over may be empty afterwards. */
  run(feeds: Tensors): Promise<Tensors>
  /** Runs under way are finished first. */
  close(): Promise<void>
}
