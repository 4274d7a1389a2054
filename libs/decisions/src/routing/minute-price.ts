import { byWorthPerMinute, worthPerMinute, type Capacity, type Job } from './items.js'
import { Schedule } from './schedule.js'

/**
 * Expected cost that one more reviewer-minute, available from now on, would avoid: the dual of the linear relaxation, in
 * which a review may be done in part. There the dearest minute first is best, and the minute added goes to the dearest
 * review that is not done in full.
 * @param jobs those that compete; `forced` among them are done in any case
 * @returns 0 where everything of worth is reviewed
 */
export const minutePrice = (jobs: readonly Job[], capacity: Capacity, forced: ReadonlySet<Job>): number => {
  const schedule = new Schedule(jobs, capacity)
  for (const { item } of forced) schedule.take(item.dueMinutes, item.minutes)
  const open = jobs.filter((job) => !forced.has(job) && job.worth > 0).sort(byWorthPerMinute)
  for (const job of open) {
    const { dueMinutes, minutes } = job.item
    if (schedule.room(dueMinutes) < minutes) return worthPerMinute(job)
    schedule.take(dueMinutes, minutes)
  }
  return 0
}
