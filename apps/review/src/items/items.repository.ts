import { Injectable } from '@nestjs/common'
import { ReviewItemView, type EventData, type reviewRequestedV1 } from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { Database, newId, type Transaction } from '@reeltag/platform'

export type NewItem = Pick<
  EventData<typeof reviewRequestedV1>,
  'contentId' | 'predictionId' | 'revision' | 'reason' | 'tags'
> & { readonly workspaceId: string }

interface ItemRow {
  id: string
  content_id: string
  revision: number
  reason: string
  state: string
  title: string | null
  tags: unknown
  created_at: Date
}

/** The only writer of `review_items`. */
@Injectable()
export class ItemsRepository {
  constructor(private readonly db: Database) {}

  /** Newest first, one item more than the limit. */
  async list(workspaceId: string, state: string, limit: number, after: Cursor | undefined): Promise<ReviewItemView[]> {
    const rows = await this.db.query<ItemRow>(
      `SELECT r.id, r.content_id, r.revision, r.reason, r.state, c.submission->>'title' AS title, r.tags, r.created_at
       FROM review_items r JOIN contents c ON c.id = r.content_id
       WHERE r.workspace_id = $1 AND r.state = $2 AND ($3::timestamptz IS NULL OR (r.created_at, r.id) < ($3::timestamptz, $4::uuid))
       ORDER BY r.created_at DESC, r.id DESC LIMIT $5`,
      [workspaceId, state, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    )
    return rows.map(({ content_id, created_at, ...row }) =>
      ReviewItemView.parse({ ...row, contentId: content_id, createdAt: created_at.toISOString() }),
    )
  }

  /**
   * Files an item for a prediction. It is open only while no higher revision of its content is known; whether that one
   * was filed before or comes later makes no difference.
   */
  async open(tx: Transaction, item: NewItem): Promise<void> {
    const revision = await this.holdRevision(tx, item.contentId)
    // The content was deleted while its event was under way, and its items with it.
    if (revision === undefined) return
    await this.supersede(tx, item.contentId, item.revision)
    await tx.query(
      `INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
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
      ],
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
  private async holdRevision(tx: Transaction, contentId: string): Promise<number | undefined> {
    const [content] = await tx.query<{ revision: number }>(`SELECT revision FROM contents WHERE id = $1 FOR SHARE`, [
      contentId,
    ])
    return content?.revision
  }
}
