import type { RefusalCode } from '../wire.js'

/** Why a video is not sampled; crosses the pipe to the parent as code and detail. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    detail: string,
  ) {
    super(detail)
  }
}
