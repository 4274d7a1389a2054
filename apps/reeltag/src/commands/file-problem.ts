import { ReeltagError } from '@reeltag/contracts'

const full = new Set(['ENOSPC', 'EDQUOT'])
const unusable = new Set(['EACCES', 'EEXIST', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS'])

/** What the system says of a file, with a code and a remedy; any other error as it is. */
export const asFileProblem = (error: unknown): unknown => {
  if (!isOfSystem(error)) return error
  if (full.has(error.code)) return new ReeltagError('STORAGE_FULL', error.message, { cause: error })
  // Only what names a file: a socket has no such code, but may have a path of its own.
  return unusable.has(error.code) &&
    'path' in error &&
    error.syscall !== 'connect' &&
    !error.syscall.startsWith('spawn')
    ? new ReeltagError('FILE_UNUSABLE', error.message, { cause: error })
    : error
}

interface SystemError {
  readonly code: string
  readonly syscall: string
  readonly message: string
}

const isOfSystem = (error: unknown): error is SystemError =>
  typeof error === 'object' &&
  error !== null &&
  ['code', 'syscall', 'message'].every((name) => typeof (error as Record<string, unknown>)[name] === 'string')
