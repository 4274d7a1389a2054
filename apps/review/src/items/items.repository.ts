import { Injectable } from '@nestjs/common'
import {
  ReviewItemView,
  type CandidateSet,
  type EventData,
  type reviewRequestedV1,
  type RuleHit,
} from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { Database, newId, type Transaction } from '@reeltag/platform'
import { queueOfItem } from '../queues/filing.js'
import { decidedFrom, firstRank } from '../routing/ranks.js'
import type { RankCursor } from './rank-cursor.js'

export type NewItem = Pick<
  EventData<typeof reviewRequestedV1>,
  'contentId' | 'predictionId' | 'revision' | 'reason' | 'tags' | 'because' | 'candidates'
> & { readonly workspaceId: string }

export interface ItemRow {
  id: string
  content_id: string
  revision: number
  reason: string
  state: string
  title: string | null
  tags: unknown
  created_at: Date
  candidates: CandidateSet | null
  rules: RuleHit[] | null
  route: string | null
  because: unknown
  rank: number
  routed_by: string | null
}

export interface ItemsWanted {
  readonly state: string
  /** Newest first, or in the order in which reviewers are to take them. */
  readonly order: { readonly by: 'newest'; readonly after?: Cursor | undefined } | RankOrder
  readonly route?: string | undefined
  readonly limit: number
}

interface RankOrder {
  readonly by: 'rank'
  readonly after?: RankCursor | undefined
}

/** Of each facet the published tag, or else the likeliest candidate: all that routing reads, without names. */
const likeliestOf = (tags: string): string =>
  `SELECT coalesce(jsonb_agg(jsonb_build_object('facet', t->'facet', 'path', t->'path', 'confidence', t->'confidence',
     'status', t->'status')), '[]')
   FROM (SELECT DISTINCT ON (t->>'facet') t FROM jsonb_array_elements(${tags}) t
     ORDER BY t->>'facet', (t->>'status' = 'published') DESC, (t->>'confidence')::float8 DESC) top`

export const itemColumns = `r.id, r.content_id, r.revision, r.reason, r.state, c.submission->>'title' AS title, r.tags, r.created_at,
  r.candidates, r.rules, r.route, r.because, r.rank, r.routed_by`

/** Files and closes review items. Who has them is written by claims, how they are routed by the router. */
@Injectable()
export class ItemsRepository {
  constructor(private readonly db: Database) {}

  /** One item more than the limit. By rank only what is in the reviewers' queue, unless another route is asked for. */
  async list(workspaceId: string, { state, order, route, limit }: ItemsWanted): Promise<ReviewItemView[]> {
    const common = [workspaceId, state, route ?? null, limit + 1]
    const where = `r.workspace_id = $1 AND r.state = $2 AND ($3::text IS NULL OR r.route = $3)`
    const { by, after } = order
    const rows =
      by === 'newest'
        ? await this.db.query<ItemRow>(
            `SELECT ${itemColumns} FROM review_items r JOIN contents c ON c.id = r.content_id
             WHERE ${where} AND ($5::timestamptz IS NULL OR (r.created_at, r.id) < ($5::timestamptz, $6::uuid))
             ORDER BY r.created_at DESC, r.id DESC LIMIT $4`,
            [...common, after?.createdAt ?? null, after?.id ?? null],
          )
        : await this.db.query<ItemRow>(
            `SELECT ${itemColumns} FROM review_items r JOIN contents c ON c.id = r.content_id
             WHERE ${where} AND r.rank < $5 AND ($6::float8 IS NULL OR (r.rank, r.id) > ($6::float8, $7::uuid))
             ORDER BY r.rank, r.id LIMIT $4`,
            [...common, route === 'decide' ? Infinity : decidedFrom, after?.rank ?? null, after?.id ?? null],
          )
    return rows.map(toView)
  }

  /**
   * Files an item for a prediction. It is open only while no higher revision of its content is known; whether that one
   * was filed before or comes later makes no difference.
   */
  async open(tx: Transaction, item: NewItem): Promise<void> {
    const content = await this.holdRevision(tx, item.contentId)
    // The content was deleted while its event was under way, and its items with it.
    if (content === undefined) return
    const { revision, priority } = content
    await this.supersede(tx, item.contentId, item.revision)
    await tx.query(
      `INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags, rules, candidates,
         likeliest, rank, priority)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10::jsonb, (${likeliestOf('$8::jsonb')}), $11, $12)
       ON CONFLICT (prediction_id) DO NOTHING`,
      [
        newId(),
        item.workspaceId,
        item.contentId,
        item.predictionId,
        item.revision,
        item.reason,
        item.revision < revision ? 'superseded' : 'open',
        JSON.stringify(item.tags),
        item.because === undefined ? null : JSON.stringify(item.because),
        item.candidates === undefined ? null : JSON.stringify(item.candidates),
        firstRank(item.because !== undefined, Date.now()),
        priority,
      ],
    )
    await tx.query(
      `UPDATE review_items r SET queue = ${queueOfItem} FROM contents c
       WHERE r.prediction_id = $1 AND c.id = r.content_id AND r.state = 'open'
         AND EXISTS (SELECT 1 FROM review_queues WHERE workspace_id = $2)`,
      [item.predictionId, item.workspaceId],
    )
  }

  /** Closes the items of older revisions. */
  async supersede(tx: Transaction, contentId: string, revision: number): Promise<void> {
    await tx.query(
      `UPDATE review_items SET state = 'superseded' WHERE content_id = $1 AND revision < $2 AND state = 'open'`,
      [contentId, revision],
    )
  }

  /**
   * The content's revision, which no newer result can raise until this transaction ends. Otherwise that result's event
   * could be handled in the meantime, not see this item yet, and leave it open for ever.
   */
  private async holdRevision(
    tx: Transaction,
    contentId: string,
  ): Promise<{ readonly revision: number; readonly priority: number } | undefined> {
    const [content] = await tx.query<{ revision: number; priority: number }>(
      `SELECT revision, priority FROM contents WHERE id = $1 FOR SHARE`,
      [contentId],
    )
    return content
  }
}

const toView = (row: ItemRow): ReviewItemView => ReviewItemView.parse(itemFields(row))

/** What every view of an item says, of its row. */
export const itemFields = ({ content_id, created_at, candidates, rules, routed_by, ...row }: ItemRow): object => ({
  ...row,
  contentId: content_id,
  createdAt: created_at.toISOString(),
  candidateCoverage: candidates?.coverage ?? null,
  candidateUnit: candidates?.unit ?? null,
  candidatesLeftOut: candidates?.leftOut ?? 0,
  rules: rules ?? [],
  routedBy: routed_by,
})
