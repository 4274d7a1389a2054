import { Injectable } from '@nestjs/common'
import { policyKnownForMs, WorkspaceKeys } from '@reeltag/pipeline'
import { Database, Metrics, type Transaction } from '@reeltag/platform'
import { KnownPolicies } from '../audits/known-policies.js'
import { PackFacets } from '../policies/pack-facets.js'
import { PoliciesRepository } from '../policies/policies.repository.js'
import { publishResults } from './publish-results.js'
import { decideBatch, type DecidedBy } from './decide-batch.js'
import { readPast, type RunningRedecision } from './past-contents.js'
import { endRedecision } from './redecisions.repository.js'

/** Contents of one transaction. */
const batchMax = 500
/** While so many events wait to be published, no more are made: those of live work would wait behind them. */
const waitingMax = 2_000
const batchesPerTurn = 10
/** What was in force before may decide for so long; whoever is decided in this time is looked at afterwards. */
const slackMs = 2 * policyKnownForMs

/** `gone`: it has ended, or somebody else has it. */
type Turn = 'more' | 'wait' | 'gone'

/**
 * Decides the past anew, batch by batch. The new results of a batch, their events and the place where the next one begins are one
 * transaction: killed in the middle, it goes on where it was, and no content is decided twice. Several processes may work at
 * once; each batch belongs to one.
 *
 * A batch shares the lock of the workspace, so that no other policy or pack comes into force while it decides.
 */
@Injectable()
export class Redecider {
  private readonly decided

  constructor(
    private readonly db: Database,
    private readonly policies: PoliciesRepository,
    private readonly known: KnownPolicies,
    private readonly packs: PackFacets,
    private readonly keys: WorkspaceKeys,
    metrics: Metrics,
  ) {
    this.decided = metrics.counter('reeltag_redecided_total', 'Past results that were decided anew', ['outcome'])
  }

  /**
   * @returns whether there is more to do at once
   * @throws what the first order failed with that could not go on, after the turns of all others
   */
  async work(): Promise<boolean> {
    const running = await this.db.query<{ id: string }>(
      `SELECT id FROM redecisions WHERE state = 'running' ORDER BY created_at LIMIT 100`,
    )
    let orders = running.map(({ id }) => id)
    const failures: unknown[] = []
    // In turns: a workspace of a million contents does not keep another one's hundred waiting.
    for (let turn = 0; turn < batchesPerTurn && orders.length > 0; turn++) {
      const more: string[] = []
      for (const id of orders) {
        if (await this.isFull()) return false
        // One whose pack cannot be read here does not keep the others waiting.
        const left = await this.take(id).catch((error: unknown) => void failures.push(error))
        if (left === 'more') more.push(id)
      }
      orders = more
    }
    if (failures.length > 0) throw failures[0]
    return orders.length > 0
  }

  private take(id: string): Promise<Turn> {
    return this.db.transaction((tx) => this.batch(tx, id), { durable: true })
  }

  private async isFull(): Promise<boolean> {
    const [row] = await this.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT ${waitingMax}) waiting`,
    )
    return (row?.n ?? 0) >= waitingMax
  }

  private async batch(tx: Transaction, id: string): Promise<Turn> {
    const held = await this.hold(tx, id)
    if (held === undefined) return 'gone'
    const { order, policy } = held
    const next = await readPast(tx, order, { from: 'cursor', limit: batchMax, slackMs })
    const late = next.length > 0 ? [] : await readPast(tx, order, { from: 'postponed', limit: batchMax, slackMs })
    if (next.length === 0 && order.postponed.length === 0) {
      await endRedecision(tx, id, 'done')
      return 'gone'
    }
    const batch = await decideBatch([...next, ...late], {
      pack: order.pack,
      policy,
      ...(await this.deciding(order, policy)),
    })
    const lost = await publishResults(tx, order.workspace_id, batch.changed)
    const changed = batch.changed.length - lost.length
    const left = next.length > 0 ? order.postponed : order.postponed.slice(batchMax)
    const postponed = [...left, ...batch.busy, ...lost]
    await tx.query(
      `UPDATE redecisions SET cursor_id = coalesce($2::uuid, cursor_id), examined = examined + $3,
         total = greatest(total, examined + $3), changed = changed + $4, unchanged = unchanged + $5,
         without_result = without_result + $6, undecidable = $7::jsonb, postponed = $8::uuid[], updated_at = now() WHERE id = $1`,
      [
        id,
        next.at(-1)?.id ?? null,
        next.length,
        changed,
        batch.unchanged,
        batch.withoutResult,
        JSON.stringify(added(order.undecidable, batch.undecidable)),
        postponed,
      ],
    )
    this.count(changed, batch.unchanged, batch.undecidable)
    return next.length > 0 || postponed.length < order.postponed.length ? 'more' : 'wait'
  }

  private async deciding(
    { workspace_id: workspaceId, pack }: RunningRedecision,
    policy: string | undefined,
  ): Promise<Pick<DecidedBy, 'facets' | 'rules'>> {
    if (policy === undefined) return { facets: await this.packs.of(pack) }
    const { facets, document } = await this.known.of(workspaceId, policy)
    return { facets, rules: { document, hashOf: (id) => this.keys.candidateHash(workspaceId, id) } }
  }

  /** Locks in the order in which whoever begins one does: the workspace, then the order. */
  private async hold(
    tx: Transaction,
    id: string,
  ): Promise<{ order: RunningRedecision; policy: string | undefined } | undefined> {
    const [workspace] = await tx.query<{ id: string; pack: string }>(
      `SELECT w.id, w.pack FROM redecisions r JOIN workspaces w ON w.id = r.workspace_id WHERE r.id = $1 FOR SHARE OF w`,
      [id],
    )
    // Young ones wait until nobody decides by what was in force before.
    const [order] = await tx.query<RunningRedecision>(
      `SELECT * FROM redecisions WHERE id = $1 AND state = 'running' AND created_at <= now() - $2 * interval '1 millisecond'
       FOR UPDATE SKIP LOCKED`,
      [id, slackMs],
    )
    if (workspace === undefined || order === undefined) return undefined
    const active = await this.policies.active(workspace.id, tx)
    if (workspace.pack === order.pack && (active?.id ?? null) === order.policy_id) return { order, policy: active?.ref }
    await endRedecision(tx, id, 'superseded')
    return undefined
  }

  private count(changed: number, unchanged: number, undecidable: Readonly<Record<string, number>>): void {
    this.decided.inc({ outcome: 'changed' }, changed)
    this.decided.inc({ outcome: 'unchanged' }, unchanged)
    for (const count of Object.values(undecidable)) this.decided.inc({ outcome: 'undecidable' }, count)
  }
}

const added = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> => {
  const sum: Record<string, number> = { ...one }
  for (const [reason, count] of Object.entries(other)) sum[reason] = (sum[reason] ?? 0) + count
  return sum
}
