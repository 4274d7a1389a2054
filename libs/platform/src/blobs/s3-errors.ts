import { ReeltagError } from '@reeltag/contracts'

interface S3Failure {
  readonly name?: string
  readonly message?: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const fullNames = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'])

/** What an S3 or the way to it said, in our codes. Only the missing object is final; the rest an operator can mend. */
export const toBlobError = (thrown: unknown, bucket: string): ReeltagError => {
  if (thrown instanceof ReeltagError) return thrown
  const { name = '', message = '', code = '', $metadata } = thrown as S3Failure
  const status = $metadata?.httpStatusCode
  // Answers to HEAD have no body, so a bucket that is gone is a mere NotFound there; `check` tells them apart.
  if (name === 'NoSuchKey' || (name === 'NotFound' && status === 404))
    return new ReeltagError('BLOB_MISSING', `it is not in bucket ${bucket}`, { cause: thrown })
  if (status === 507 || fullNames.has(name))
    return new ReeltagError('STORAGE_FULL', `bucket ${bucket} is full`, { cause: thrown })
  const said = [status, name, code, message].filter((part) => part !== undefined && part !== '').join(' ')
  return new ReeltagError('BLOBS_UNAVAILABLE', `bucket ${bucket}: ${said}`, { cause: thrown })
}
