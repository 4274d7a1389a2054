import { Injectable } from '@nestjs/common'
import { ReviewItemView } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import type { Cursor } from '../http/cursor.js'

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

@Injectable()
export class ReviewRepository {
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
}
