import type { RoutedItem } from './route-items.js'

/**
 * A rank is a class and, within it, the time of the item in milliseconds: the items of a workspace have one SLA, so the
 * older one is due first. It does not change when other items come, so routing again writes only what is routed anew.
 */
const classSize = 1e13
const classes = { ruled: 0, held: 1, review: 2, decide: 3 } as const

/** From this rank on the machine's decision stands. */
export const decidedFrom = classes.decide * classSize

const worthMax = 1e6
const worthSteps = 1e6

/** Before it was routed, everything waits for a reviewer. */
export const firstRank = (isRuled: boolean, createdMs: number): number =>
  (isRuled ? classes.ruled : classes.review) * classSize + createdMs

export const rankOf = ({ route, because }: Pick<RoutedItem, 'route' | 'because'>, createdMs: number): number => {
  if (route === 'hold') return classes.held * classSize + createdMs
  if (route === 'review') return firstRank(because.kind === 'rules', createdMs)
  // What would be reviewed next, should there be more reviewers, comes first.
  const perMinute = because.kind === 'worth' ? Math.min(worthMax, because.perMinute) : 0
  return decidedFrom + Math.round((worthMax - perMinute) * worthSteps)
}
