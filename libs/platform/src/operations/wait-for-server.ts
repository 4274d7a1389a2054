import { ReeltagError, type ErrorCode } from '@reeltag/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import { isNativeError } from 'node:util/types'
import type { Health } from './health.js'
import type { Logger } from './logger.js'

export interface WaitOptions {
  /** From when on an unreachable server is refused, seconds. */
  readonly seconds: number
  readonly logger: Logger
  readonly health: Health
  /** Aborts the wait because the process was asked to stop. */
  readonly signal: AbortSignal
  readonly code?: ErrorCode
}

const pauseMs = 500
const remindEveryMs = 5_000

/** Errors of a server that is not up yet, and those of the network in its place. */
const notYet = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE'],
  // Postgres: starting or stopping, no connection, too many of them.
  ...['57P01', '57P03', '08001', '08006', '53300'],
])

// Not by `instanceof`: where this runs in a context of its own, as in tests, Node's errors are another context's.
const codesOf = (error: unknown): unknown[] => {
  if (!isNativeError(error)) return []
  const inner = error instanceof AggregateError ? error.errors : []
  return [(error as { code?: unknown }).code, ...[error.cause, ...inner].flatMap(codesOf)]
}

const isNotYet = (error: unknown): boolean =>
  codesOf(error).some((code) => notYet.has(String(code))) ||
  (isNativeError(error) && /timeout|terminated unexpectedly/i.test(error.message))

/**
 * Servers and services are started together, and servers take longer. While a server refuses connections, the probe is
 * repeated until the time is over. If a server rejects the connection (a wrong password, a missing database), startup
 * fails at once.
 * @param server how the log calls it; must not contain credentials
 * @throws SERVER_UNREACHABLE or the given code; an error of ours that the probe fails with; the signal's reason
 */
export const waitForServer = async (
  server: string,
  probe: () => Promise<void>,
  { seconds, logger, health, signal, code = 'SERVER_UNREACHABLE' }: WaitOptions,
): Promise<void> => {
  const since = performance.now()
  let remindedAt = Number.NEGATIVE_INFINITY
  for (;;) {
    signal.throwIfAborted()
    health.starting(`waiting for ${server}`)
    try {
      return await probe()
    } catch (error) {
      if (!isNotYet(error)) {
        if (error instanceof ReeltagError) throw error
        throw new ReeltagError(code, `${server} rejects the connection`, { cause: error })
      }
      const now = performance.now()
      if (now - since > seconds * 1_000) {
        throw new ReeltagError(code, `${server} could not be reached within ${seconds} s`, { cause: error })
      }
      if (now - remindedAt > remindEveryMs) {
        remindedAt = now
        const waited = Math.round((now - since) / 1_000)
        logger.warn({ err: error, server, waitedSeconds: waited, waitSecondsMax: seconds }, `waiting for ${server}`)
      }
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
