import type { Tensors } from '../tensors/tensor.js'

export type Device = 'cpu' | 'cuda' | 'tensorrt'

export interface SessionOptions {
  readonly graphFile: string
  /** Threads that one run may use. */
  readonly threads: number
  readonly device: Device
  /** A larger batch runs in pieces of this many rows; whole where it is absent. */
  readonly rowsPerRun?: number | undefined
}

export interface LiveTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly (number | string)[]
}

export type SessionRequest =
  | { readonly kind: 'run'; readonly id: number; readonly feeds: Tensors }
  | { readonly kind: 'close' }

export type SessionReply =
  | { readonly kind: 'open'; readonly inputs: readonly LiveTensor[]; readonly outputs: readonly LiveTensor[] }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'done'; readonly id: number; readonly outputs: Tensors }
  | { readonly kind: 'failed'; readonly id: number; readonly detail: string }
