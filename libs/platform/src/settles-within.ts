import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for work, but no longer than this, so that it does not hold up what follows.
 * @returns false if the time ran out first; the work then continues, and its failure is ignored
 */
export const settlesWithin = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  const over = new AbortController()
  const late = sleep(ms, false, { signal: over.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    over.abort()
    work.catch(() => undefined)
  }
}
