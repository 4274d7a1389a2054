import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for work that must not hold up what comes after it.
 * @returns false where the time was over first; the work goes on then, and nobody hears of its failure
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
