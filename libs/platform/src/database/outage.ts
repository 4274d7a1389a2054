/** Postgres: connection, resources, operator, system; read-only after a failover, idle in a transaction, losers of a lock. */
const sqlStates = /^(08|53|57P|58|25006|25P03|40001|40P01|55P03)/
const prismaCodes = /^(P1\d{3}|P2024|P2028|P2034)$/
const socketCodes = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOSPC|EMFILE)/
const driverMessages = /connection terminated|connection error|timeout exceeded when trying to connect|ended/i

/**
 * Whether what went wrong is a server of ours (down, full, failing over) rather than the work itself. Such work is
 * tried again for as long as it takes: giving up on it would turn an outage into a loss.
 */
export const isOutage = (error: unknown): boolean => {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const code = String((cause as { code?: unknown }).code ?? '')
    if (sqlStates.test(code) || prismaCodes.test(code) || socketCodes.test(code)) return true
    if (code === '' && driverMessages.test(cause.message)) return true
    if (cause instanceof AggregateError && cause.errors.some(isOutage)) return true
  }
  return false
}
