const breakAfterMs = 45 * 60_000
const breakAfterItems = 250
const restMs = 5 * 60_000

export interface Exposure {
  /** When the current stretch of work began, in milliseconds since 1970. */
  readonly since: number
  readonly items: number
  readonly lastAt: number
}

export const startExposure = (now: number): Exposure => ({ since: now, items: 0, lastAt: now })

/** Counts an item that was looked at. A pause of five minutes begins a new stretch. */
export const looked = (exposure: Exposure, now: number): Exposure =>
  now - exposure.lastAt > restMs
    ? { since: now, items: 1, lastAt: now }
    : { ...exposure, items: exposure.items + 1, lastAt: now }

/** Whether it is time to propose a break. */
export const isBreakDue = ({ since, items }: Exposure, now: number): boolean =>
  now - since > breakAfterMs || items >= breakAfterItems
