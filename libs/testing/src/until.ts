import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 50
/** What hangs is reported after this many times the time that it should take. */
const patienceMax = 8

/** What a probe answers while there is nothing yet. */
type NotYet = undefined | null | false

/**
 * Asks again and again until there is an answer.
 * @param what completes "waited in vain until …"
 * @param seconds on a machine with nothing else to do; one with n times the work it has cores for gets n times as long
 * @param probe answers undefined, null or false while it has not come about; its errors are thrown at once
 * @returns the first other answer
 */
export const until = async <T>(
  what: string,
  seconds: number,
  probe: () => T | Promise<T>,
): Promise<Exclude<T, NotYet>> => {
  const startedAt = performance.now()
  for (;;) {
    const found = await probe()
    if (isThere(found)) return found
    const waited = (performance.now() - startedAt) / 1_000
    if (waited > seconds * patience(os.loadavg()[0]))
      throw new Error(`waited ${waited.toFixed(0)} s in vain until ${what}`)
    await sleep(pollMs)
  }
}

/** @param load what waits for a core, by the last minute's average; 0 where the machine does not say */
export const patience = (load = 0, cores = os.availableParallelism()): number =>
  Math.min(patienceMax, Math.max(1, load / cores))

const isThere = <T>(found: T): found is Exclude<T, NotYet> => found !== undefined && found !== null && found !== false
