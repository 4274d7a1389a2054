import { VerdictView, type ChosenTag } from '@reeltag/contracts'

/** A row of `review_verdicts`. */
export interface VerdictRow {
  readonly workspace_id: string
  readonly id: string
  readonly item_id: string
  readonly content_id: string
  readonly action: string
  readonly tags: ChosenTag[]
  readonly suggested: ChosenTag[]
  readonly reason: string | null
  readonly note: string | null
  readonly evidence: VerdictView['evidence'] | null
  readonly body: { readonly tags?: ChosenTag[] }
  readonly who: string
  readonly at: Date
  readonly state: string
  readonly publishes_at: Date | null
  /** The result that it was said of. */
  readonly prediction_before: string
  readonly revision: number | null
  readonly undone_by: string | null
  readonly undone_at: Date | null
}

export const toVerdictView = (row: VerdictRow): VerdictView =>
  VerdictView.parse({
    id: row.id,
    itemId: row.item_id,
    contentId: row.content_id,
    action: row.action,
    tags: row.tags,
    suggested: row.suggested,
    reason: row.reason,
    note: row.note,
    evidence: row.evidence ?? [],
    who: row.who,
    at: row.at.toISOString(),
    state: row.state,
    publishesAt: row.state === 'waiting' ? (row.publishes_at?.toISOString() ?? null) : null,
    revision: row.revision,
    undoneBy: row.undone_by,
    undoneAt: row.undone_at?.toISOString() ?? null,
  })
