import { byWorthPerMinute, minutesUntil, type Capacity, type Job } from './items.js'
import { Schedule } from './schedule.js'

/** Cells of the exact table; one is a byte, and a million take some ten milliseconds. */
const cellsMax = 4_000_000
const ticksPerMinute = 20

/**
 * The reviews that avoid the most expected cost in the minutes there are. Exact on time in ticks of 3 seconds where the
 * table is small enough (dynamic programme over due times, Lawler and Moore 1969). Beyond that it takes the dearest minute
 * first, which with n items loses at most about one item's worth for each due time.
 * @param jobs by due time
 * @param forced reviews that are done in any case; together they have to fit
 */
export const chooseJobs = (
  jobs: readonly Job[],
  capacity: Capacity,
  forced: ReadonlySet<Job> = new Set(),
): Set<Job> => {
  const work = jobs.reduce((sum, { item }) => sum + item.minutes, 0)
  const room = jobs.reduce((most, { item }) => Math.max(most, minutesUntil(capacity, item.dueMinutes)), 0)
  const ticks = Math.floor(Math.min(work, room) * ticksPerMinute) + jobs.length
  const greedy = dearestFirst(jobs, capacity, forced)
  if (ticks * jobs.length > cellsMax) return greedy
  const exact = mostWorth(jobs, capacity, forced, ticks)
  // Rounding up to ticks may cost the table a review that just fits.
  return worthOf(exact) >= worthOf(greedy) ? exact : greedy
}

const worthOf = (jobs: Iterable<Job>): number => [...jobs].reduce((sum, { worth }) => sum + worth, 0)

const dearestFirst = (jobs: readonly Job[], capacity: Capacity, forced: ReadonlySet<Job>): Set<Job> => {
  const schedule = new Schedule(jobs, capacity)
  for (const { item } of forced) schedule.take(item.dueMinutes, item.minutes)
  const chosen = new Set(forced)
  for (const job of jobs.toSorted(byWorthPerMinute)) {
    const { dueMinutes, minutes } = job.item
    if (chosen.has(job) || job.worth === 0 || minutes > schedule.room(dueMinutes)) continue
    schedule.take(dueMinutes, minutes)
    chosen.add(job)
  }
  return chosen
}

/** best[t]: the most worth of reviews, so far, that take t ticks together. */
const mostWorth = (jobs: readonly Job[], capacity: Capacity, forced: ReadonlySet<Job>, ticks: number): Set<Job> => {
  const taken = new Uint8Array(jobs.length * (ticks + 1))
  const best = new Float64Array(ticks + 1).fill(-Infinity)
  best[0] = 0
  for (const [row, job] of jobs.entries()) {
    const length = Math.ceil(job.item.minutes * ticksPerMinute - roundingSlack)
    const until = Math.floor(minutesUntil(capacity, job.item.dueMinutes) * ticksPerMinute + roundingSlack)
    const isForced = forced.has(job)
    for (let t = ticks; t >= 0; t--) {
      const without = isForced ? -Infinity : (best[t] ?? -Infinity)
      const having = t >= length && t <= until ? (best[t - length] ?? -Infinity) + job.worth : -Infinity
      if (having > without) taken[row * (ticks + 1) + t] = 1
      best[t] = Math.max(having, without)
    }
  }
  return trace(jobs, taken, best, ticks)
}

const roundingSlack = 1e-9

const trace = (jobs: readonly Job[], taken: Uint8Array, best: Float64Array, ticks: number): Set<Job> => {
  let t = best.reduce((top, worth, index) => (worth > (best[top] ?? -Infinity) ? index : top), 0)
  const chosen = new Set<Job>()
  for (let row = jobs.length - 1; row >= 0; row--) {
    const job = jobs[row]
    if (job === undefined || taken[row * (ticks + 1) + t] !== 1) continue
    chosen.add(job)
    t -= Math.ceil(job.item.minutes * ticksPerMinute - roundingSlack)
  }
  return chosen
}
