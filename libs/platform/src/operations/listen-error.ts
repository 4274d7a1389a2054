import { ReeltagError } from '@reeltag/contracts'

const notOurs = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EACCES', 'EPERM'])

/** Why a server could not listen, as an error that says what to do; anything else passes unchanged. */
export const toListenError = (error: unknown, { host, port }: { host: string; port: number }): unknown => {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new ReeltagError('PORT_TAKEN', `something listens on ${host}:${port} already`, { cause: error })
  if (notOurs.has(code)) return new ReeltagError('ADDRESS_UNUSABLE', `${host}:${port}`, { cause: error })
  return error
}
