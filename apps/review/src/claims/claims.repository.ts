import { Inject, Injectable } from '@nestjs/common'
import type { ClaimLoss } from '@reeltag/contracts'
import { Database, type Transaction } from '@reeltag/platform'
import { decidedFrom } from '../routing/ranks.js'

/** Who acts, in which workspace. */
export interface Reviewer {
  readonly workspaceId: string
  readonly actor: string
}

export interface Claim {
  readonly itemId: string
  readonly token: number
}

export interface HeldClaim extends Claim {
  readonly leaseUntil: Date
}

interface ClaimRow {
  readonly id: string
  /** A bigint, as the driver gives it. */
  readonly token: string
  readonly lease_until: Date
}

interface PlacedRow extends ClaimRow {
  readonly claimed_at: Date
  readonly priority: number
  readonly rank: number
}

/** Seconds for which a claim is held without a heartbeat. */
export const LEASE_SECONDS = Symbol('reeltag.lease-seconds')

const toClaim = ({ id, token, lease_until }: ClaimRow): HeldClaim => ({
  itemId: id,
  token: Number(token),
  leaseUntil: lease_until,
})

/**
 * Who has which review item. A claim is a lease with a token that grows with each claim of the item, so that whoever has
 * lost it cannot be taken for the one who has it now. All times are the database's.
 */
@Injectable()
export class ClaimsRepository {
  constructor(
    private readonly db: Database,
    @Inject(LEASE_SECONDS) private readonly leaseSeconds: number,
  ) {}

  /**
   * Renews what the caller holds, and fills it up to `count`. Two calls at the same time by one reviewer take turns, so that
   * neither takes what the other has just filled up.
   * @param queues to take new items from
   * @returns at most `count` claims, those of before first
   */
  claim(reviewer: Reviewer, queues: readonly string[], count: number): Promise<HeldClaim[]> {
    const { workspaceId, actor } = reviewer
    return this.db.transaction(
      async (tx) => {
        await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('claims of ' || $1 || ' ' || $2, 0))`, [
          workspaceId,
          actor,
        ])
        const held = await this.renewAll(tx, reviewer, count)
        if (held.length >= count || queues.length === 0) return held
        return [...held, ...(await this.take(tx, reviewer, queues, count - held.length))]
      },
      { durable: false },
    )
  }

  private async renewAll(tx: Transaction, { workspaceId, actor }: Reviewer, count: number): Promise<HeldClaim[]> {
    const rows = await tx.query<PlacedRow>(
      `UPDATE review_items r SET lease_until = now() + $3 * interval '1 second'
       FROM (SELECT r.id FROM review_items r JOIN contents c ON c.id = r.content_id
             WHERE r.workspace_id = $1 AND r.holder = $2 AND r.state = 'open' AND r.lease_until > now()
               AND c.revision = r.revision
             ORDER BY r.claimed_at, r.id LIMIT $4 FOR UPDATE OF r) h
       WHERE r.id = h.id RETURNING r.id, r.token, r.lease_until, r.claimed_at, r.priority, r.rank`,
      [workspaceId, actor, this.leaseSeconds, count],
    )
    return inOrder(rows).map(toClaim)
  }

  /** The first free items of each queue, and the first of them all. What another claim is taking just now is passed over. */
  private async take(
    tx: Transaction,
    { workspaceId, actor }: Reviewer,
    queues: readonly string[],
    count: number,
  ): Promise<HeldClaim[]> {
    const rows = await tx.query<PlacedRow>(
      `WITH free AS MATERIALIZED (
         SELECT f.id FROM unnest($3::text[]) AS q(name) CROSS JOIN LATERAL (
           SELECT r.id, r.priority, r.rank FROM review_items r
           WHERE r.workspace_id = $1 AND r.queue = q.name AND r.state = 'open' AND r.rank < ${decidedFrom}
             AND (r.lease_until IS NULL OR r.lease_until <= now())
             AND NOT EXISTS (SELECT 1 FROM review_verdicts v WHERE v.item_id = r.id AND v.who = $2 AND v.state <> 'undone')
           ORDER BY r.priority, r.rank, r.id LIMIT $4 FOR UPDATE SKIP LOCKED) f
         ORDER BY f.priority, f.rank, f.id LIMIT $4)
       UPDATE review_items r SET holder = $2, token = r.token + 1, claimed_at = now(),
         lease_until = now() + $5 * interval '1 second'
       FROM free WHERE r.id = free.id RETURNING r.id, r.token, r.lease_until, r.claimed_at, r.priority, r.rank`,
      [workspaceId, actor, queues, count, this.leaseSeconds],
    )
    return inOrder(rows).map(toClaim)
  }

  /** Renews claims that still hold; of the others it says why they do not. */
  async renew(
    { workspaceId, actor }: Reviewer,
    claims: readonly Claim[],
  ): Promise<{ held: HeldClaim[]; lost: { itemId: string; because: ClaimLoss }[] }> {
    const given = [claims.map(({ itemId }) => itemId), claims.map(({ token }) => token)]
    const held = await this.db.query<ClaimRow>(
      `UPDATE review_items r SET lease_until = now() + $5 * interval '1 second'
       FROM unnest($3::uuid[], $4::bigint[]) AS d(id, token), contents c
       WHERE r.id = d.id AND r.token = d.token AND r.workspace_id = $1 AND r.holder = $2 AND r.state = 'open'
         AND r.lease_until > now() AND c.id = r.content_id AND c.revision = r.revision
       RETURNING r.id, r.token, r.lease_until`,
      [workspaceId, actor, ...given, this.leaseSeconds],
    )
    const kept = new Set(held.map(({ id }) => id))
    const missing = claims.map(({ itemId }) => itemId).filter((id) => !kept.has(id))
    if (missing.length === 0) return { held: held.map(toClaim), lost: [] }
    const states = await this.db.query<{ id: string; because: ClaimLoss }>(
      `SELECT r.id, CASE WHEN r.state = 'decided' THEN 'decided'
           WHEN r.state = 'superseded' OR c.revision > r.revision THEN 'superseded'
           WHEN r.holder IS NULL THEN 'released' ELSE 'expired' END AS because
       FROM review_items r JOIN contents c ON c.id = r.content_id WHERE r.workspace_id = $1 AND r.id = ANY($2::uuid[])`,
      [workspaceId, missing],
    )
    const because = new Map(states.map((row) => [row.id, row.because]))
    return {
      held: held.map(toClaim),
      lost: missing.map((itemId) => ({ itemId, because: because.get(itemId) ?? 'deleted' })),
    }
  }

  /** Gives one open item to somebody, unless somebody has it. */
  async hold(tx: Transaction, itemId: string, actor: string): Promise<void> {
    await tx.query(
      `UPDATE review_items SET holder = $2, token = token + 1, claimed_at = now(), lease_until = now() + $3 * interval '1 second'
       WHERE id = $1 AND state = 'open' AND (lease_until IS NULL OR lease_until <= now())`,
      [itemId, actor, this.leaseSeconds],
    )
  }

  /** What the caller does not hold any more is passed over. */
  async release({ workspaceId, actor }: Reviewer, claims: readonly Claim[]): Promise<void> {
    await this.db.query(
      `UPDATE review_items r SET holder = NULL, lease_until = NULL
       FROM unnest($3::uuid[], $4::bigint[]) AS d(id, token)
       WHERE r.id = d.id AND r.token = d.token AND r.workspace_id = $1 AND r.holder = $2 AND r.state = 'open'`,
      [workspaceId, actor, claims.map(({ itemId }) => itemId), claims.map(({ token }) => token)],
    )
  }
}

/** As they are to be worked on. An update returns its rows in any order. */
const inOrder = (rows: readonly PlacedRow[]): PlacedRow[] =>
  rows.toSorted(
    (a, b) =>
      a.claimed_at.getTime() - b.claimed_at.getTime() ||
      a.priority - b.priority ||
      a.rank - b.rank ||
      (a.id < b.id ? -1 : 1),
  )
