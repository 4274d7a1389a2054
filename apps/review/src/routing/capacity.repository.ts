import { Injectable } from '@nestjs/common'
import { ReeltagError, ReviewRouting, type ReviewCapacity, type ReviewCapacityView } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'

interface CapacityRow {
  readonly workspace_id: string
  readonly reviewers: number
  readonly sla_minutes: number
  readonly minutes_per_item: number
  readonly set_by: string
  readonly set_at: Date
}

const columns = `workspace_id, reviewers, sla_minutes, minutes_per_item, set_by, set_at`

/** The only writer of `review_capacities`. */
@Injectable()
export class CapacityRepository {
  constructor(private readonly db: Database) {}

  /** @throws NOT_FOUND where nobody has said it */
  async get(workspaceId: string): Promise<ReviewCapacityView> {
    const [row] = await this.db.query<CapacityRow>(`SELECT ${columns} FROM review_capacities WHERE workspace_id = $1`, [
      workspaceId,
    ])
    if (row === undefined) throw unsaid()
    return toView(row)
  }

  /** Counts from the next routing on. */
  async put(workspaceId: string, capacity: ReviewCapacity, actor: string): Promise<ReviewCapacityView> {
    const { reviewers, slaMinutes, minutesPerItem } = capacity
    const [row] = await this.db.query<CapacityRow>(
      `INSERT INTO review_capacities (workspace_id, reviewers, sla_minutes, minutes_per_item, set_by)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (workspace_id) DO UPDATE SET reviewers = excluded.reviewers, sla_minutes = excluded.sla_minutes,
         minutes_per_item = excluded.minutes_per_item, set_by = excluded.set_by, set_at = now()
       RETURNING ${columns}`,
      [workspaceId, reviewers, slaMinutes, minutesPerItem, actor],
    )
    if (row === undefined) throw new Error('an insert returned nothing')
    return toView(row)
  }

  /** Workspaces whose items can be routed. */
  async workspaces(): Promise<string[]> {
    const rows = await this.db.query<{ workspace_id: string }>(
      `SELECT workspace_id FROM review_capacities ORDER BY workspace_id`,
    )
    return rows.map(({ workspace_id }) => workspace_id)
  }

  /** @throws NOT_FOUND where nothing was routed yet */
  async routing(workspaceId: string): Promise<ReviewRouting> {
    const [row] = await this.db.query<{ routing: unknown; routed_at: Date | null }>(
      `SELECT routing, routed_at FROM review_capacities WHERE workspace_id = $1`,
      [workspaceId],
    )
    if (row === undefined) throw unsaid()
    if (row.routed_at === null) throw new ReeltagError('NOT_FOUND', 'nothing was routed yet: it takes some seconds')
    return ReviewRouting.parse({ ...(row.routing as object), routedAt: row.routed_at.toISOString() })
  }

  async keepRouting(workspaceId: string, routing: Omit<ReviewRouting, 'routedAt'>, at: Date): Promise<void> {
    await this.db.query(`UPDATE review_capacities SET routing = $2::jsonb, routed_at = $3 WHERE workspace_id = $1`, [
      workspaceId,
      JSON.stringify(routing),
      at,
    ])
  }
}

const unsaid = (): ReeltagError =>
  new ReeltagError(
    'NOT_FOUND',
    'nobody has said how many reviewers are on duty: PUT /v1/review/capacity, or reeltag review capacity',
  )

const toView = (row: CapacityRow): ReviewCapacityView => ({
  reviewers: row.reviewers,
  slaMinutes: row.sla_minutes,
  minutesPerItem: row.minutes_per_item,
  setBy: row.set_by,
  setAt: row.set_at.toISOString(),
})
