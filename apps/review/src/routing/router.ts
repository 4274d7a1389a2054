import type { ReviewRouting, RuleHit } from '@reeltag/contracts'
import type { ActivePolicies } from '@reeltag/pipeline'
import type { Database, Transaction } from '@reeltag/platform'
import { CapacityRepository } from './capacity.repository.js'
import { rankOf } from './ranks.js'
import type { OpenItem, RoutedItem, RouteItems } from './route-items.js'

interface OpenRow {
  readonly id: string
  readonly created_at: Date
  readonly likeliest: OpenItem['tags']
  readonly rules: RuleHit[] | null
  readonly route: string | null
  readonly rank: number
  readonly routed_by: string | null
}

/** Rows of one statement. Each is a transaction of its own: nobody waits for all of them. */
const batchMax = 2_000

/** Routes the open items of workspaces that have said what their reviewers can do. The only one that writes routes. */
export class Router {
  private readonly capacities: CapacityRepository

  constructor(
    private readonly db: Database,
    private readonly policies: Pick<ActivePolicies, 'of'>,
    private readonly routeItems: RouteItems,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.capacities = new CapacityRepository(db)
  }

  workspaces(): Promise<string[]> {
    return this.capacities.workspaces()
  }

  /**
   * Routes a workspace, unless another process does it at the same moment. Writes route, reason and rank of each item whose route or rank differs, and what came of it all.
   * @returns undefined where another process routes this workspace now
   */
  route(workspaceId: string): Promise<ReviewRouting | undefined> {
    return this.db.transaction(
      async (tx) => {
        const [lock] = await tx.query<{ locked: boolean }>(
          `SELECT pg_try_advisory_xact_lock(hashtextextended('route review items of ' || $1, 0)) AS locked`,
          [workspaceId],
        )
        return lock?.locked === true ? this.routeLocked(tx, workspaceId) : undefined
      },
      { durable: false },
    )
  }

  private async routeLocked(tx: Transaction, workspaceId: string): Promise<ReviewRouting> {
    const [capacity, active, rows] = await Promise.all([
      this.capacities.get(workspaceId),
      this.policies.of(workspaceId),
      openItems(tx, workspaceId),
    ])
    const at = this.now()
    const policy = active?.ref ?? null
    const { items, summary } = this.routeItems(rows.map(toItem), capacity, active?.document.routing?.costs, at)
    const changed = items.flatMap((item, index) => {
      const row = rows[index]
      if (row === undefined) return []
      const rank = rankOf(item, row.created_at.getTime())
      const isSame = row.route === item.route && row.rank === rank && row.routed_by === policy
      return isSame ? [] : [{ ...item, rank }]
    })
    for (let from = 0; from < changed.length; from += batchMax) {
      // The database ends a transaction that is idle for long, and with it the lock. Its rows are written elsewhere.
      await tx.query('SELECT 1')
      await this.write(changed.slice(from, from + batchMax), policy)
    }
    await this.capacities.keepRouting(workspaceId, { ...summary, policy }, at)
    return { ...summary, policy, routedAt: at.toISOString() }
  }

  private async write(
    items: readonly (RoutedItem & { readonly rank: number })[],
    policy: string | null,
  ): Promise<void> {
    await this.db.query(
      `UPDATE review_items r SET route = d.route, because = d.because::jsonb, rank = d.rank, routed_by = $5
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[]) AS d(id, route, because, rank)
       WHERE r.id = d.id AND r.state = 'open'`,
      [
        items.map(({ id }) => id),
        items.map(({ route }) => route),
        items.map(({ because }) => JSON.stringify(reasonOf(because))),
        items.map(({ rank }) => rank),
        policy,
      ],
    )
  }
}

const openItems = (tx: Transaction, workspaceId: string): Promise<OpenRow[]> =>
  tx.query<OpenRow>(
    `SELECT id, created_at, coalesce(likeliest, tags) AS likeliest, rules, route, rank, routed_by
     FROM review_items WHERE workspace_id = $1 AND state = 'open' ORDER BY id`,
    [workspaceId],
  )

const toItem = ({ id, created_at, likeliest, rules }: OpenRow): OpenItem => ({
  id,
  createdAt: created_at,
  tags: likeliest,
  rules: rules ?? [],
})

const reasonOf = (because: RoutedItem['because']): object =>
  because.kind === 'rules' ? { rules: because.rules } : { perMinute: because.perMinute, price: because.price }
