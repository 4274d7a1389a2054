import { ReeltagError } from '@reeltag/contracts'

interface S3Failure {
  readonly name?: string
  readonly message?: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const fullNames = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'])

/**
 * Errors of an S3, or of the connection to it, as error codes. Only a missing object is final; an operator can repair
 * the rest.
 */
export const toBlobError = (thrown: unknown, bucket: string): ReeltagError => {
  if (thrown instanceof ReeltagError) return thrown
  const { name = '', message = '', code = '', $metadata } = thrown as S3Failure
  const status = $metadata?.httpStatusCode
  // Answers to HEAD have no body, so a missing bucket is also NotFound there; `check` tells the two apart.
  if (name === 'NoSuchKey' || (name === 'NotFound' && status === 404))
    return new ReeltagError('BLOB_MISSING', `it is not in bucket ${bucket}`, { cause: thrown })
  if (status === 507 || fullNames.has(name))
    return new ReeltagError('STORAGE_FULL', `bucket ${bucket} is full`, { cause: thrown })
  const said = [status, name, code, message].filter((part) => part !== undefined && part !== '').join(' ')
  return new ReeltagError('BLOBS_UNAVAILABLE', `bucket ${bucket}: ${said}`, { cause: thrown })
}
