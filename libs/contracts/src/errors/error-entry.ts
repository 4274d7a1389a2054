export interface ErrorEntry {
  /** HTTP status when the error reaches a REST client. */
  readonly status: number
  /** True where the same input may succeed later. A job that fails with `false` is not tried again. */
  readonly retryable: boolean
  readonly title: { readonly en: string; readonly zh: string }
  /** What the caller can do about it. */
  readonly remedy: { readonly en: string; readonly zh: string }
  /** Set where a server that the work needs is away. The work is not at fault, so it is retried until the server is back. */
  readonly outage?: true
}

export const entry = (
  status: number,
  retryable: boolean,
  title: [en: string, zh: string],
  remedy: [en: string, zh: string],
  marks: Pick<ErrorEntry, 'outage'> = {},
): ErrorEntry => ({
  status,
  retryable,
  title: { en: title[0], zh: title[1] },
  remedy: { en: remedy[0], zh: remedy[1] },
  ...marks,
})
