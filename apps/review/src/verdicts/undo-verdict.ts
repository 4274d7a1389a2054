import { Inject, Injectable } from '@nestjs/common'
import { ReeltagError, tagsPublishedV1, type Decision, type VerdictView } from '@reeltag/contracts'
import { Outbox, outgoing } from '@reeltag/events'
import { PredictionsRepository } from '@reeltag/pipeline'
import { Database, newId, type Transaction } from '@reeltag/platform'
import { ClaimsRepository, type Reviewer } from '../claims/claims.repository.js'
import { escalatedQueue, queueOfItem } from '../queues/filing.js'
import { lockContent, originOf, raise, resultOf, subjectOf } from './publish-verdict.js'
import type { Truth } from './truth.js'
import { toVerdictView, type VerdictRow } from './verdict-row.js'
import { findVerdict } from './verdicts.repository.js'

/** For the injection of Truth, which is an interface. */
export const TRUTH = Symbol('reeltag.review-truth')

const predictions = new PredictionsRepository()

/** Takes verdicts back. */
@Injectable()
export class VerdictUndoing {
  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
    @Inject(TRUTH) private readonly truth: Truth,
    private readonly claims: ClaimsRepository,
  ) {}

  /**
   * Within the grace nobody hears of it. Later what was before is published again, with a higher revision. Either way the
   * item is open, and held by whoever has undone their own verdict. Undoing again changes nothing.
   * @param isLead may undo what others said
   * @throws NOT_FOUND, SCOPE_MISSING, VERDICT_FINAL
   */
  undo(reviewer: Reviewer, id: string, isLead: boolean): Promise<VerdictView> {
    const { workspaceId, actor } = reviewer
    return this.db.transaction(
      async (tx) => {
        const { content_id: contentId } = await findVerdict(tx, { workspaceId, id })
        // In the order of whoever publishes it.
        const content = await lockContent(tx, contentId, '')
        const verdict = await findVerdict(tx, { workspaceId, id }, 'FOR UPDATE')
        if (verdict.who !== actor && !isLead)
          throw new ReeltagError('SCOPE_MISSING', "undoing another reviewer's verdict needs the scope review:lead")
        if (verdict.state === 'undone') return toVerdictView(verdict)
        if (verdict.state === 'published') await this.bringBack(tx, verdict, content)
        else await reopen(tx, verdict)
        // Somebody who decides for others does not get their items.
        if (verdict.who === actor) await this.claims.hold(tx, verdict.item_id, actor)
        return toVerdictView(await markUndone(tx, verdict, actor))
      },
      { durable: true },
    )
  }

  /** What was before the verdict, as a result of its own: readers go by the highest revision. */
  private async bringBack(
    tx: Transaction,
    verdict: VerdictRow,
    content: Awaited<ReturnType<typeof lockContent>>,
  ): Promise<void> {
    if (content === undefined || content.state === 'processing' || content.revision !== verdict.revision)
      throw new ReeltagError('VERDICT_FINAL', 'a newer result has taken its place, or is being made')
    const before = await resultOf(tx, verdict.prediction_before)
    const [visible] = await tx.query<{ id: string }>(
      `SELECT id FROM predictions WHERE content_id = $1 AND revision = $2`,
      [content.id, content.revision],
    )
    const [predictionId, revision] = [newId(), content.revision + 1]
    await predictions.insertNext(tx, { id: predictionId, from: before.id, revision })
    await raise(tx, content, before.decision === 'published' ? 'published' : 'in_review')
    const event = outgoing(tagsPublishedV1, {
      contentId: content.id,
      predictionId,
      revision,
      decision: before.decision as Decision,
      tags: before.tags.filter(({ status }) => status === 'published'),
      versions: before.versions,
      supersedes: { revision: content.revision, ...(visible === undefined ? {} : { predictionId: visible.id }) },
      origin: { ...originOf(verdict), reason: 'undone' },
    })
    await this.outbox.publish(tx, [{ ...event, ...subjectOf(verdict.workspace_id, content, revision) }])
    await this.truth.withdraw(tx, verdict.workspace_id, {
      contentId: content.id,
      who: verdict.who,
      at: verdict.at,
    })
    await tx.query(
      `UPDATE review_items SET state = 'open', prediction_id = $2, revision = $3 WHERE id = $1 AND state = 'decided'`,
      [verdict.item_id, predictionId, revision],
    )
  }
}

/** Of a verdict that has published nothing. @throws VERDICT_FINAL where the item is closed for good */
const reopen = async (tx: Transaction, { item_id, action, state }: VerdictRow): Promise<void> => {
  if (state === 'none' && action !== 'skip' && action !== 'escalate') {
    const [item] = await tx.query<{ state: string }>(`SELECT state FROM review_items WHERE id = $1 FOR UPDATE`, [
      item_id,
    ])
    if (item?.state !== 'open')
      throw new ReeltagError('VERDICT_FINAL', 'a newer result or another verdict had taken its place')
  }
  if (state === 'waiting')
    await tx.query(
      `UPDATE review_items r SET state = CASE WHEN c.revision > r.revision THEN 'superseded' ELSE 'open' END
       FROM contents c WHERE r.id = $1 AND r.state = 'decided' AND c.id = r.content_id`,
      [item_id],
    )
  if (action === 'escalate')
    await tx.query(
      `UPDATE review_items r SET queue = ${queueOfItem} FROM contents c
       WHERE r.id = $1 AND c.id = r.content_id AND r.queue = '${escalatedQueue}'`,
      [item_id],
    )
}

const markUndone = async (tx: Transaction, { workspace_id, id }: VerdictRow, actor: string): Promise<VerdictRow> => {
  const [row] = await tx.query<VerdictRow>(
    `UPDATE review_verdicts SET state = 'undone', undone_by = $3, undone_at = now() WHERE workspace_id = $1 AND id = $2 RETURNING *`,
    [workspace_id, id, actor],
  )
  if (row === undefined) throw new Error('an update returned nothing')
  return row
}
