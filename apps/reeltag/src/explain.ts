import { errorCodes, ReeltagError } from '@reeltag/contracts'

/** The text on a terminal for an error: what happened, why, and what to do. */
export const explain = (error: unknown): string => {
  if (!(error instanceof ReeltagError)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  const { title, remedy } = errorCodes[error.code]
  const cause = error.cause instanceof Error ? `\n  cause:  ${error.cause.message}` : ''
  return `${error.code}: ${title.en}（${title.zh}）\n  detail: ${error.message}${cause}\n  remedy: ${remedy.en}（${remedy.zh}）`
}
