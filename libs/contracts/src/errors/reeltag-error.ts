import { errorCodes, type ErrorCode } from './error-codes.js'

/** The one error class. Its code says what happened, `message` gives details, and `cause` is the original error. */
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

  /** True where a server that the work needs is away: the work is retried until the server is back. */
  get isOutage(): boolean {
    return errorCodes[this.code].outage === true
  }

  get status(): number {
    return errorCodes[this.code].status
  }
}

/** Returns a ReeltagError unchanged. Anything else becomes `fallback`, with the original as its cause. */
export const toReeltagError = (error: unknown, fallback: ErrorCode = 'INTERNAL'): ReeltagError =>
  error instanceof ReeltagError
    ? error
    : new ReeltagError(fallback, error instanceof Error ? error.message : String(error), { cause: error })
