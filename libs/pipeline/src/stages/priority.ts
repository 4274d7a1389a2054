import type { Priority } from '@reeltag/contracts'

/**
 * The priority in Postgres and of a job in a queue. A lower one goes first; 0 is the fast lane of a queue, which has no
 * order of its own.
 */
const ranks: Readonly<Record<Priority, number>> = { interactive: 0, backfill: 10 }

export const rankOf = (priority: Priority): number => ranks[priority]
