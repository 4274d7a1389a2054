import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 50

/** What a probe answers while there is nothing yet. */
type NotYet = undefined | null | false

/**
 * Asks again and again until there is an answer.
 * @param what completes "waited in vain until …"
 * @param probe answers undefined, null or false while it has not come about; its errors are thrown at once
 * @returns the first other answer
 */
export const until = async <T>(
  what: string,
  seconds: number,
  probe: () => T | Promise<T>,
): Promise<Exclude<T, NotYet>> => {
  const deadline = performance.now() + seconds * 1_000
  for (;;) {
    const found = await probe()
    if (isThere(found)) return found
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`)
    await sleep(pollMs)
  }
}

const isThere = <T>(found: T): found is Exclude<T, NotYet> => found !== undefined && found !== null && found !== false
