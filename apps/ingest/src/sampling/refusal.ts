import type { ErrorCode } from '@reeltag/contracts'

/** Why a video is not sampled; crosses the pipe to the parent as code and detail. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
  ) {
    super(detail)
  }
}
