import type { ReviewRouting } from '@reeltag/contracts'
import { ActivePolicies, type Runtime } from '@reeltag/pipeline'
import { Leader, type Metrics } from '@reeltag/platform'
import type { RouteItems } from './route-items.js'
import { Router } from './router.js'

// Arbitrary, fixed for ever: the same number must mean the same lock in every version.
const routerLock = 7_242_003
const routeEveryMs = 5_000
/** Routing a large backlog leaves the database to others for this many times as long. */
const restsFor = 20

/** Routes again and again, in the one process that leads. */
export const openRouter = (
  { db, connectionString, logger, metrics }: Runtime,
  routeItems: RouteItems,
): { close(): Promise<void> } => {
  const router = new Router(db, new ActivePolicies(db), routeItems)
  const report = openGauges(metrics)
  const nextAt = new Map<string, number>()
  const last = new Map<string, ReviewRouting>()
  const work = async (): Promise<void> => {
    for (const workspaceId of await router.workspaces()) {
      const startedAt = performance.now()
      if (startedAt < (nextAt.get(workspaceId) ?? 0)) continue
      const routing = await router.route(workspaceId)
      const tookMs = performance.now() - startedAt
      nextAt.set(workspaceId, performance.now() + Math.max(routeEveryMs, restsFor * tookMs))
      if (routing !== undefined) last.set(workspaceId, routing)
    }
    report([...last.values()])
  }
  const leader = new Leader({ connectionString, lockKey: routerLock, logger, work })
  leader.start()
  return { close: () => leader.stop() }
}

const openGauges = (metrics: Metrics): ((routings: readonly ReviewRouting[]) => void) => {
  const items = metrics.gauge('reeltag_review_items', 'Open review items by what the last routing made of them', [
    'route',
  ])
  const late = metrics.gauge('reeltag_review_items_late', 'Open review items that are older than the SLA')
  const price = metrics.gauge(
    'reeltag_review_minute_price',
    'Expected cost that one more minute of a reviewer would avoid, in the workspace where it is highest',
  )
  return (routings) => {
    const total = (of: (routing: ReviewRouting) => number): number =>
      routings.reduce((sum, routing) => sum + of(routing), 0)
    for (const route of ['review', 'decide', 'hold'] as const)
      items.set(
        { route },
        total((routing) => routing.items[route]),
      )
    late.set(total((routing) => routing.late))
    price.set(Math.max(0, ...routings.map(({ minutePrice }) => minutePrice)))
  }
}
