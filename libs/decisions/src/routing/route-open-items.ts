import type { ReviewCapacity, ReviewRouting, RoutingCosts, RuleHit as StoredRuleHit } from '@reeltag/contracts'
import { errorCostOf, errorProbabilityOf, type LikelyTag } from './cost-of-error.js'
import type { RoutedItem } from './items.js'
import { route, type RoutedAs } from './route.js'
import type { RuleHit } from './rules.js'

/** An item that waits for a reviewer. */
export interface OpenItem {
  readonly id: string
  readonly createdAt: Date
  /** Of each facet what is published or likeliest. */
  readonly tags: readonly LikelyTag[]
  readonly rules: readonly StoredRuleHit[]
}

export interface RoutedOpenItems {
  /** In the order of the items given. */
  readonly items: readonly RoutedAs[]
  readonly summary: Omit<ReviewRouting, 'routedAt' | 'policy'>
}

const msPerMinute = 60_000
/** Due times are rounded down to this share of the SLA: few different ones keep thousands of items quick. */
const dueSteps = 64

/**
 * Who looks at what, of all items of a workspace. An item that is older than the SLA competes for the minutes of one more
 * SLA: it is late, and still worth as much.
 * @param costs of errors; without them each costs 1
 */
export const routeOpenItems = (
  open: readonly OpenItem[],
  { reviewers, slaMinutes, minutesPerItem }: ReviewCapacity,
  costs: RoutingCosts | undefined,
  now: Date,
): RoutedOpenItems => {
  const step = slaMinutes / dueSteps
  const minutesLeft = ({ createdAt }: OpenItem): number =>
    slaMinutes - (now.getTime() - createdAt.getTime()) / msPerMinute
  const wanted = open.map((item): RoutedItem => {
    const steps = Math.min(dueSteps, Math.floor(minutesLeft(item) / step))
    return {
      id: item.id,
      errorProbability: errorProbabilityOf(item.tags),
      errorCost: errorCostOf(item.tags, costs),
      minutes: minutesPerItem,
      dueMinutes: steps < 1 ? slaMinutes : steps * step,
      // As `rulesHit` made them.
      rules: item.rules as readonly RuleHit[],
    }
  })
  const { items, ...summary } = route(wanted, { reviewers, backlogMinutes: 0 })
  const counts = { review: 0, decide: 0, hold: 0 }
  for (const item of items) counts[item.route]++
  const late = open.filter((item) => minutesLeft(item) < 0).length
  return { items, summary: { items: counts, late, ...summary } }
}
