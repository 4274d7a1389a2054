import { errorCodes, type ErrorCode } from './error-codes.js'

const outageCodes: ReadonlySet<ErrorCode> = new Set([
  ...(['BLOBS_UNAVAILABLE', 'BLOBS_DIFFER', 'STORAGE_FULL'] as const),
  ...(['MODEL_SERVER_UNAVAILABLE', 'MODEL_NOT_SERVED', 'MODEL_SERVER_MISMATCH'] as const),
])

/** The one error class: its code says what happened, `message` the particulars, `cause` what lay below. */
export class ReeltagError extends Error {
  override readonly name = 'ReeltagError'
  /** Extra members of the problem document, e.g. the schema issues of a body. */
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(
    readonly code: ErrorCode,
    detail: string,
    options: { cause?: unknown; extensions?: Record<string, unknown> } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.extensions = options.extensions ?? {}
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable
  }

  /** True where what the work stands on is away: no fault of the work, so it is tried until that is back. */
  get isOutage(): boolean {
    return outageCodes.has(this.code)
  }

  get status(): number {
    return errorCodes[this.code].status
  }
}

/** An error of ours passes unchanged; anything else becomes `fallback` with the original as its cause. */
export const toReeltagError = (error: unknown, fallback: ErrorCode = 'INTERNAL'): ReeltagError =>
  error instanceof ReeltagError
    ? error
    : new ReeltagError(fallback, error instanceof Error ? error.message : String(error), { cause: error })
