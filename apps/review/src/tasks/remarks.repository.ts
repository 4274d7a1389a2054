import { Injectable } from '@nestjs/common'
import { ReeltagError, type ReviewDraft } from '@reeltag/contracts'
import { Database, newId } from '@reeltag/platform'

/** The only writer of `review_drafts` (verdicts remove them) and `review_notes`. */
@Injectable()
export class RemarksRepository {
  constructor(private readonly db: Database) {}

  /**
   * Keeps what somebody has typed. A claim that is lost keeps nothing more, so a tab that was forgotten does not
   * overwrite what is typed elsewhere.
   * @throws NOT_FOUND, CLAIM_LOST
   */
  async keepDraft(
    { workspaceId, actor }: { readonly workspaceId: string; readonly actor: string },
    { itemId, token, draft }: { readonly itemId: string; readonly token: number; readonly draft: ReviewDraft },
  ): Promise<void> {
    const [row] = await this.db.query<{ kept: boolean }>(
      `WITH item AS (SELECT id, token = $3 AND holder = $4 AND state = 'open' AS ours FROM review_items WHERE id = $1 AND workspace_id = $2),
       kept AS (
         INSERT INTO review_drafts (item_id, who, draft) SELECT id, $4, $5::jsonb FROM item WHERE ours
         ON CONFLICT (item_id, who) DO UPDATE SET draft = excluded.draft, at = now() RETURNING 1)
       SELECT EXISTS (SELECT 1 FROM kept) AS kept FROM item`,
      [itemId, workspaceId, token, actor, JSON.stringify(draft)],
    )
    if (row === undefined) throw noItem()
    if (!row.kept) throw new ReeltagError('CLAIM_LOST', 'somebody else has claimed the item since, or it is decided')
  }

  /** @throws NOT_FOUND */
  async addNote(workspaceId: string, itemId: string, note: { who: string; text: string }): Promise<void> {
    const rows = await this.db.query(
      `INSERT INTO review_notes (id, item_id, who, text)
       SELECT $1, id, $4, $5 FROM review_items WHERE id = $2 AND workspace_id = $3 RETURNING 1`,
      [newId(), itemId, workspaceId, note.who, note.text],
    )
    if (rows.length === 0) throw noItem()
  }
}

const noItem = (): ReeltagError => new ReeltagError('NOT_FOUND', 'the workspace has no such review item')
