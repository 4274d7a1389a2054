import { chooseJobs } from './choose-jobs.js'
import { jobsOf, worthPerMinute, type Capacity, type Job, type RoutedItem } from './items.js'
import { minutePrice } from './minute-price.js'
import type { RuleHit } from './rules.js'

/**
 * What happens with an item.
 * - `review`: a person looks at it in time.
 * - `decide`: the machine's decision stands without a person.
 * - `hold`: a rule asks for a person and nobody has the minutes; nothing is published until somebody has.
 */
export type Route = 'review' | 'decide' | 'hold'

/** Why: the rules that ask for a person; or what a minute on this item avoids, beside what a minute is worth elsewhere. */
export type RouteReason =
  | { readonly kind: 'rules'; readonly rules: readonly RuleHit[] }
  | { readonly kind: 'worth'; readonly perMinute: number; readonly price: number }

export interface RoutedAs {
  readonly id: string
  readonly route: Route
  readonly because: RouteReason
}

export interface Routing {
  /** In the order of the items given. */
  readonly items: readonly RoutedAs[]
  /** Expected cost that one more reviewer-minute would avoid. */
  readonly minutePrice: number
  readonly minutesUsed: number
  /** Expected cost that the reviews avoid, and what is left with the items that nobody looks at. */
  readonly costAvoided: number
  readonly costLeft: number
}

/**
 * Chooses what people look at: first all that a rule asks for, then what avoids the most expected cost in the minutes that
 * are left; never more than can be done by each item's due time. The same items give the same answer in any order.
 * @throws DECISION_INPUT_INVALID where a number is out of range
 */
export const route = (items: readonly RoutedItem[], capacity: Capacity): Routing => {
  const jobs = jobsOf(items)
  const ruled = jobs.filter(({ item }) => item.rules.length > 0)
  const forced = chooseJobs(ruled, capacity)
  const held = new Set(ruled.filter((job) => !forced.has(job)))
  // Minutes that are left fit none of those held, or not enough of them to finish one.
  const open = jobs.filter((job) => !held.has(job))
  const chosen = chooseJobs(open, capacity, forced)
  const price = held.size > 0 ? minutePrice(ruled, capacity, new Set()) : minutePrice(open, capacity, forced)
  const byItem = new Map(jobs.map((job) => [job.item, job]))
  const routed = items.map((item) => routedAs(byItem.get(item), item, { chosen, held, price }))
  const avoided = [...chosen].reduce((sum, { worth }) => sum + worth, 0)
  return {
    items: routed,
    minutePrice: price,
    minutesUsed: [...chosen].reduce((sum, { item }) => sum + item.minutes, 0),
    costAvoided: avoided,
    costLeft: jobs.reduce((sum, { worth }) => sum + worth, 0) - avoided,
  }
}

interface Choice {
  readonly chosen: ReadonlySet<Job>
  readonly held: ReadonlySet<Job>
  readonly price: number
}

const routedAs = (job: Job | undefined, item: RoutedItem, { chosen, held, price }: Choice): RoutedAs => {
  const perMinute = job === undefined ? 0 : worthPerMinute(job)
  const because: RouteReason =
    item.rules.length > 0 ? { kind: 'rules', rules: item.rules } : { kind: 'worth', perMinute, price }
  const decided = job !== undefined && held.has(job) ? 'hold' : 'decide'
  return { id: item.id, route: job !== undefined && chosen.has(job) ? 'review' : decided, because }
}
