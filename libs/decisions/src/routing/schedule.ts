import { minutesUntil, type Capacity, type Job } from './items.js'

/** Room left, with all that was taken before. */
interface Slot {
  readonly dueMinutes: number
  minutesLeft: number
}

/**
 * Reviewer-minutes by due time. Work is done in the order of due times (which meets all of them if any order does), so a
 * set of reviews is possible where those due by t take no more than the minutes until t, for every t.
 */
export class Schedule {
  private readonly slots: Slot[]

  constructor(jobs: readonly Job[], capacity: Capacity) {
    const dues = [...new Set(jobs.map(({ item }) => item.dueMinutes))].sort((a, b) => a - b)
    this.slots = dues.map((dueMinutes) => ({ dueMinutes, minutesLeft: minutesUntil(capacity, dueMinutes) }))
  }

  /** Minutes of work with that due time that still fit in. */
  room(dueMinutes: number): number {
    return this.slots.reduce(
      (least, slot) => (slot.dueMinutes >= dueMinutes ? Math.min(least, slot.minutesLeft) : least),
      Infinity,
    )
  }

  take(dueMinutes: number, minutes: number): void {
    for (const slot of this.slots) if (slot.dueMinutes >= dueMinutes) slot.minutesLeft -= minutes
  }
}
