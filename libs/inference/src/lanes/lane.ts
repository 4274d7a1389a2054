import type { LiveTensor } from './session-messages.js'
import type { Tensors } from '../tensors/tensor.js'

/** One place where a model runs, a batch at a time: a thread here, or a request to the model server. */
export interface Lane {
  readonly inputs: readonly LiveTensor[]
  readonly outputs: readonly LiveTensor[]
  /** False once it cannot run any more. Another lane must then be opened. */
  readonly alive: boolean
  /** The buffers of the inputs may be empty afterwards. */
  run(feeds: Tensors): Promise<Tensors>
  /** Runs under way are finished first. */
  close(): Promise<void>
}
