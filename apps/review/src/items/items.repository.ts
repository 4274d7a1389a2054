import { Injectable } from '@nestjs/common'
import type { EventData, reviewRequestedV1 } from '@reeltag/contracts'
import { newId, type Transaction } from '@reeltag/platform'

export type NewItem = Pick<
  EventData<typeof reviewRequestedV1>,
  'contentId' | 'predictionId' | 'revision' | 'reason' | 'tags'
> & { readonly workspaceId: string }

/** The only writer of `review_items`. */
@Injectable()
export class ItemsRepository {
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
