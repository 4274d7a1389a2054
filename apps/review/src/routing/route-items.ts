import type { ReviewCapacity, ReviewRouting, RoutingCosts, RuleHit, Tag } from '@reeltag/contracts'

/** An item that waits for a reviewer. */
export interface OpenItem {
  readonly id: string
  readonly createdAt: Date
  /** Of each facet what is published or likeliest. */
  readonly tags: readonly Pick<Tag, 'facet' | 'path' | 'confidence' | 'status'>[]
  readonly rules: readonly RuleHit[]
}

export interface RoutedItem {
  readonly id: string
  readonly route: 'review' | 'decide' | 'hold'
  readonly because:
    | { readonly kind: 'rules'; readonly rules: readonly RuleHit[] }
    | { readonly kind: 'worth'; readonly perMinute: number; readonly price: number }
}

/** Who looks at what, of all open items of a workspace; in the order of the items given. The executable brings it. */
export type RouteItems = (
  open: readonly OpenItem[],
  capacity: ReviewCapacity,
  costs: RoutingCosts | undefined,
  now: Date,
) => {
  readonly items: readonly RoutedItem[]
  readonly summary: Omit<ReviewRouting, 'routedAt' | 'policy'>
}
