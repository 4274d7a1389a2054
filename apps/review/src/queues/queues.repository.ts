import { Injectable } from '@nestjs/common'
import { ReeltagError, type PutReviewQueue, type ReviewQueueRule, type ReviewQueueView } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { decidedFrom } from '../routing/ranks.js'
import { allQueue, escalatedQueue, fileAnew, fileSome } from './filing.js'

interface QueueRow {
  readonly name: string
  readonly title: ReviewQueueView['title']
  readonly rule: ReviewQueueRule
  readonly paused: boolean
  readonly doubleShare: number
}

interface CountRow {
  readonly queue: string
  readonly open: number
  readonly claimed: number
  readonly late: number
  readonly oldest_at: Date | null
}

/** Every item in a queue of its own, whatever anybody has set up. */
const always: readonly QueueRow[] = [
  { name: allQueue, title: { zh: '全部', en: 'All' }, rule: {}, paused: false, doubleShare: 0 },
  { name: escalatedQueue, title: { zh: '已升级', en: 'Escalated' }, rule: {}, paused: false, doubleShare: 0 },
]

/** Batches that are filed before the answer; the leading process files what is left. */
const batchesAtOnce = 5
const queuesMax = 50
/** Counting reads every open item, and many dashboards ask for the same counts. */
const countedForMs = 2_000

/** The only writer of `review_queues`. */
@Injectable()
export class QueuesRepository {
  private readonly counted = new Map<string, { readonly at: number; readonly rows: Promise<CountRow[]> }>()

  constructor(private readonly db: Database) {}

  async list(workspaceId: string): Promise<ReviewQueueView[]> {
    const [queues, counts] = await Promise.all([this.queues(workspaceId), this.counts(workspaceId)])
    const byQueue = new Map(counts.map((count) => [count.queue, count]))
    const all = totalOf(counts.filter(({ queue }) => queue !== escalatedQueue))
    return queues.map((queue) => {
      const { open, claimed, late, oldest_at } = queue.name === allQueue ? all : (byQueue.get(queue.name) ?? none)
      return { ...queue, open, claimed, late, oldestAt: oldest_at?.toISOString() ?? null }
    })
  }

  /** @throws BODY_INVALID where the rule of a queue that is always there would change, or there are too many queues */
  async put(workspaceId: string, name: string, { title, rule, paused, doubleShare }: PutReviewQueue): Promise<void> {
    if (isAlways(name) && Object.keys(rule).length > 0)
      throw new ReeltagError('BODY_INVALID', `rule: the queue ${name} takes none`)
    await this.db.transaction(
      async (tx) => {
        const [row] = await tx.query<{ count: number; known: boolean }>(
          `SELECT count(*)::int AS count, coalesce(bool_or(name = $2), false) AS known FROM review_queues WHERE workspace_id = $1`,
          [workspaceId, name],
        )
        if (row?.known !== true && (row?.count ?? 0) >= queuesMax)
          throw new ReeltagError('BODY_INVALID', `a workspace has at most ${queuesMax} queues`)
        await tx.query(
          `INSERT INTO review_queues (workspace_id, name, title, rule, paused, double_share)
           VALUES ($1, $2, $3::jsonb, $4::jsonb, $5, $6)
           ON CONFLICT (workspace_id, name) DO UPDATE SET title = excluded.title, rule = excluded.rule,
             paused = excluded.paused, double_share = excluded.double_share`,
          [workspaceId, name, JSON.stringify(title), JSON.stringify(rule), paused, doubleShare],
        )
        await fileAnew(tx, workspaceId)
      },
      { durable: true },
    )
    await this.file(workspaceId)
  }

  /** Its items go to the queues that want them then. @throws NOT_FOUND */
  async remove(workspaceId: string, name: string): Promise<void> {
    await this.db.transaction(
      async (tx) => {
        const removed = await tx.query(`DELETE FROM review_queues WHERE workspace_id = $1 AND name = $2 RETURNING 1`, [
          workspaceId,
          name,
        ])
        if (removed.length === 0) throw new ReeltagError('NOT_FOUND', `there is no queue ${name} of your own`)
        await fileAnew(tx, workspaceId)
      },
      { durable: true },
    )
    await this.file(workspaceId)
  }

  /**
   * What is handed out when a queue is asked for: all is every queue that is not paused.
   * @throws NOT_FOUND
   */
  async toHandOut(workspaceId: string, name: string): Promise<string[]> {
    const queues = await this.queues(workspaceId)
    const queue = queues.find((each) => each.name === name)
    if (queue === undefined) throw new ReeltagError('NOT_FOUND', `there is no queue ${name}`)
    if (queue.paused) return []
    if (name !== allQueue) return [name]
    return queues.filter(({ name: each, paused }) => !paused && each !== escalatedQueue).map(({ name: each }) => each)
  }

  private async file(workspaceId: string): Promise<void> {
    this.counted.delete(workspaceId)
    for (let batch = 0; batch < batchesAtOnce; batch++) if (!(await fileSome(this.db, workspaceId))) return
  }

  private async queues(workspaceId: string): Promise<QueueRow[]> {
    const own = await this.db.query<QueueRow>(
      `SELECT name, title, rule, paused, double_share AS "doubleShare" FROM review_queues WHERE workspace_id = $1 ORDER BY created_at, name`,
      [workspaceId],
    )
    const set = new Set(own.map(({ name }) => name))
    return [...always.filter(({ name }) => !set.has(name)), ...own]
  }

  private counts(workspaceId: string): Promise<CountRow[]> {
    const known = this.counted.get(workspaceId)
    if (known !== undefined && performance.now() - known.at < countedForMs) return known.rows
    const rows = this.count(workspaceId)
    this.counted.set(workspaceId, { at: performance.now(), rows })
    rows.catch(() => this.counted.delete(workspaceId))
    return rows
  }

  private count(workspaceId: string): Promise<CountRow[]> {
    return this.db.query<CountRow>(
      `SELECT r.queue, count(*)::int AS open, min(r.created_at) AS oldest_at,
         (count(*) FILTER (WHERE r.lease_until > now()))::int AS claimed,
         (count(*) FILTER (WHERE r.created_at + a.sla_minutes * interval '1 minute' < now()))::int AS late
       FROM review_items r LEFT JOIN review_capacities a ON a.workspace_id = r.workspace_id
       WHERE r.workspace_id = $1 AND r.state = 'open' AND r.rank < ${decidedFrom} GROUP BY r.queue`,
      [workspaceId],
    )
  }
}

const none: CountRow = { queue: '', open: 0, claimed: 0, late: 0, oldest_at: null }

const isAlways = (name: string): boolean => always.some((queue) => queue.name === name)

const totalOf = (counts: readonly CountRow[]): CountRow =>
  counts.reduce(
    (total, { open, claimed, late, oldest_at }) => ({
      queue: allQueue,
      open: total.open + open,
      claimed: total.claimed + claimed,
      late: total.late + late,
      oldest_at: earlier(total.oldest_at, oldest_at),
    }),
    none,
  )

const earlier = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b < a) ? b : a)
