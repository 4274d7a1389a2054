import { HttpException } from '@nestjs/common'
import { errorCodes, ReeltagError, type ErrorCode, type Problem } from '@reeltag/contracts'
import { isOutage } from '@reeltag/platform'

type Language = 'zh' | 'en'

/** Errors of Fastify and Nest as error codes. 403 comes only from the file server, for a path outside its folder. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'BODY_INVALID',
  401: 'KEY_INVALID',
  403: 'NOT_FOUND',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'MEDIA_TYPE_UNSUPPORTED',
}
const codeOfFastify: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BODY_NOT_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BODY_INVALID',
  FST_ERR_BAD_URL: 'NOT_FOUND',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'MULTIPART_INVALID',
  FST_PARTS_LIMIT: 'MULTIPART_INVALID',
  FST_FILES_LIMIT: 'MULTIPART_INVALID',
  FST_FIELDS_LIMIT: 'MULTIPART_INVALID',
  FST_PROTO_VIOLATION: 'MULTIPART_INVALID',
  FST_REQ_FILE_TOO_LARGE: 'UPLOAD_TOO_LARGE',
}

/** Codes of the file system and of Postgres, and which disk is full. */
const storageFull: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk of blobs and uploads is full',
  EDQUOT: 'the quota of the folder of blobs and uploads is used up',
  '53100': 'the disk of Postgres is full',
}

/** Codes of an error and of its causes. Prisma keeps the error of Postgres under `meta`. */
const codesOf = (error: unknown): string[] => {
  if (typeof error !== 'object' || error === null) return []
  const { code, cause, meta } = error as { code?: string; cause?: unknown; meta?: { driverAdapterError?: unknown } }
  return [...(code === undefined ? [] : [code]), ...codesOf(cause), ...codesOf(meta?.driverAdapterError)]
}

/** Converts whatever was thrown to a ReeltagError. An unexpected error becomes INTERNAL, without its details. */
export const toKnownError = (thrown: unknown): ReeltagError => {
  if (thrown instanceof ReeltagError) return thrown
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string }
  const known = codeOfFastify[code ?? '']
  if (known !== undefined) return new ReeltagError(known, message ?? '', { cause: thrown })
  const full = codesOf(thrown).flatMap((one) => storageFull[one] ?? [])[0]
  if (full !== undefined) return new ReeltagError('STORAGE_FULL', full, { cause: thrown })
  if (isOutage(thrown))
    return new ReeltagError('NOT_READY', 'a server that this platform needs is unavailable', { cause: thrown })
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCode
  const byStatus = status === undefined ? undefined : codeOfStatus[status]
  if (byStatus !== undefined) return new ReeltagError(byStatus, message ?? '', { cause: thrown })
  return new ReeltagError('INTERNAL', 'an unexpected error occurred', { cause: thrown })
}

/** RFC 9457 problem document, in the reader's language. */
export const toProblem = (
  error: ReeltagError,
  { language, instance }: { language: Language; instance: string },
): Problem => {
  const { status, title, remedy } = errorCodes[error.code]
  return {
    type: `/v1/errors#${error.code}`,
    title: title[language],
    status,
    detail: error.message,
    code: error.code,
    remedy: remedy[language],
    instance,
    ...error.extensions,
  }
}

/** The first of our languages that the client names; English where it names none. */
export const languageOf = (acceptLanguage: string | undefined): Language =>
  /(^|,)\s*zh/i.test(acceptLanguage ?? '') && !/^\s*en/i.test(acceptLanguage ?? '') ? 'zh' : 'en'
