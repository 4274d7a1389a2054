import { ReeltagError } from '@reeltag/contracts'
import { assertAmount, assertShare } from '../bounds/checks.js'
import type { RuleHit } from './rules.js'

/** A content that a person may look at. */
export interface RoutedItem {
  readonly id: string
  /** Probability that what would be published is wrong, 0..1. */
  readonly errorProbability: number
  /** Cost of such an error, in any unit that is the same for all items. */
  readonly errorCost: number
  /** Minutes that a review takes, above 0. */
  readonly minutes: number
  /** Minutes from now until the review has to be done (SLA). */
  readonly dueMinutes: number
  /** Rules for which a person always looks. */
  readonly rules: readonly RuleHit[]
}

/** Reviewers as they are now. */
export interface Capacity {
  readonly reviewers: number
  /** Minutes of work that is already claimed or waiting before these items. */
  readonly backlogMinutes: number
}

/** An item as the choice needs it. */
export interface Job {
  readonly item: RoutedItem
  /** Expected cost that a review avoids. */
  readonly worth: number
}

/** Reviewer-minutes until `dueMinutes` from now. */
export const minutesUntil = ({ reviewers, backlogMinutes }: Capacity, dueMinutes: number): number =>
  Math.max(0, reviewers * dueMinutes - backlogMinutes)

/**
 * @returns the items by due time, then by id: the order in which they were given never matters
 * @throws DECISION_INPUT_INVALID
 */
export const jobsOf = (items: readonly RoutedItem[]): Job[] => {
  const jobs = items.map((item) => {
    assertShare(`errorProbability of ${item.id}`, item.errorProbability)
    assertAmount(`errorCost of ${item.id}`, item.errorCost)
    assertAmount(`minutes of ${item.id}`, item.minutes)
    assertAmount(`dueMinutes of ${item.id}`, item.dueMinutes)
    if (item.minutes === 0) throw new ReeltagError('DECISION_INPUT_INVALID', `minutes of ${item.id} is 0`)
    return { item, worth: item.errorProbability * item.errorCost }
  })
  return jobs.sort((a, b) => a.item.dueMinutes - b.item.dueMinutes || byId(a, b))
}

/** Worth of a minute spent on the item. */
export const worthPerMinute = ({ worth, item }: Job): number => worth / item.minutes

export const byWorthPerMinute = (a: Job, b: Job): number => worthPerMinute(b) - worthPerMinute(a) || byId(a, b)

const byId = (a: Job, b: Job): number => {
  if (a.item.id === b.item.id) return 0
  return a.item.id < b.item.id ? -1 : 1
}
