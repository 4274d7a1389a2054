import type { Priority } from '@reeltag/contracts'

/** What stands in Postgres and on a queue's job: lower goes first, and 0 is a queue's fast lane without an order of its own. */
const ranks: Readonly<Record<Priority, number>> = { interactive: 0, backfill: 10 }

export const rankOf = (priority: Priority): number => ranks[priority]
