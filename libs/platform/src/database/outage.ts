import { errorCodes, isErrorCode } from '@reeltag/contracts'

/** Postgres: connection, resources, operator, system; read-only after a failover, idle in a transaction, losers of a lock. */
const sqlStates = /^(08|53|57P|58|25006|25P03|40001|40P01|55P03)/
const prismaCodes = /^(P1\d{3}|P2024|P2028|P2034)$/
const socketCodes = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOSPC|EMFILE)/
const driverMessages = /connection terminated|connection error|timeout exceeded when trying to connect|ended/i
const causesMax = 8

/** What an error says of itself. Not every error is an `instanceof Error` here: it may come from another realm. */
interface Failure {
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  /** Of an AggregateError: what failed at each address of a host, for example. */
  readonly errors?: unknown
}

/**
 * Whether an error tells of a server that is down, full or failing over. Work that meets an outage is tried again until
 * the server is back. If it were given up, the outage would become a loss.
 */
export const isOutage = (error: unknown): boolean => {
  let failure = error
  for (let depth = 0; isFailure(failure) && depth < causesMax; depth++) {
    if (tellsOfOutage(failure)) return true
    if (Array.isArray(failure.errors) && failure.errors.some(isOutage)) return true
    failure = failure.cause
  }
  return false
}

const isFailure = (error: unknown): error is Failure => typeof error === 'object' && error !== null

const tellsOfOutage = ({ code = '', message }: Failure): boolean => {
  const text = String(code)
  if (text === '') return driverMessages.test(String(message))
  if (isErrorCode(text)) return errorCodes[text].outage === true
  return sqlStates.test(text) || prismaCodes.test(text) || socketCodes.test(text)
}
