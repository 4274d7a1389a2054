import { Inject, Injectable } from '@nestjs/common'
import { ReeltagError, type ChosenTag, type NewVerdict, type Tag, type VerdictView } from '@reeltag/contracts'
import { Database, type Transaction } from '@reeltag/platform'
import type { Reviewer } from '../claims/claims.repository.js'
import { escalatedQueue } from '../queues/filing.js'
import { correctedBy, suggestionOf } from '../tasks/suggestion.js'
import { TREES, type Trees } from '../tasks/trees.js'
import { checkTags } from './check-tags.js'
import { outcomeOf } from './opinions.js'
import { toVerdictView, type VerdictRow } from './verdict-row.js'

/** Seconds after which a verdict is published, and until then undone without a trace in the results. */
export const GRACE_SECONDS = Symbol('reeltag.grace-seconds')

interface HeldItem {
  readonly id: string
  readonly content_id: string
  readonly prediction_id: string
  readonly revision: number
  readonly state: string
  readonly holder: string | null
  readonly token: string
  readonly is_held: boolean
  readonly claimed_at: Date | null
  readonly tags: Tag[]
  readonly taxonomy: string | null
  readonly queue: string
}

/** What reviewers decide. */
@Injectable()
export class VerdictsService {
  constructor(
    private readonly db: Database,
    @Inject(TREES) private readonly trees: Trees,
    @Inject(GRACE_SECONDS) private readonly graceSeconds: number,
  ) {}

  /**
   * Takes a verdict, durably, before it answers. The same verdict again is answered alike, whatever has become of the item.
   * @throws NOT_FOUND, VERDICT_DIFFERS, ITEM_SUPERSEDED, CLAIM_LOST, VERDICT_TAGS_INVALID
   */
  give(reviewer: Reviewer, verdict: NewVerdict): Promise<{ readonly view: VerdictView; readonly isNew: boolean }> {
    return this.db.transaction(
      async (tx) => {
        // The content first, as whoever publishes does: nothing raises its revision before this verdict is taken.
        const revision = await holdContent(tx, reviewer.workspaceId, verdict.itemId)
        const item = revision === undefined ? undefined : await holdItem(tx, verdict.itemId)
        // Behind the lock: of two requests with one id, the second sees what the first has written.
        const before = await this.repeated(tx, reviewer, verdict)
        if (before !== undefined) return { view: toVerdictView(before), isNew: false }
        if (item === undefined || revision === undefined)
          throw new ReeltagError('NOT_FOUND', 'the workspace has no such review item')
        assertHeld(item, revision, reviewer, verdict.token)
        const { tags, suggested } = await this.chosen(item, verdict)
        const outcome = decides(verdict.action) ? await outcomeOf(tx, item, tags) : verdict.action
        await closeItem(tx, item.id, outcome)
        const state = outcome === 'decided' ? 'waiting' : 'none'
        const row = await this.insert(tx, reviewer, verdict, { item, tags, suggested, state })
        await tx.query(`DELETE FROM review_drafts WHERE item_id = $1 AND who = $2`, [item.id, reviewer.actor])
        return { view: toVerdictView(row), isNew: true }
      },
      { durable: true },
    )
  }

  /** @returns the verdict that has this id already. @throws VERDICT_DIFFERS where it says something else */
  private async repeated(
    tx: Transaction,
    { workspaceId, actor }: Reviewer,
    verdict: NewVerdict,
  ): Promise<VerdictRow | undefined> {
    const [row] = await tx.query<VerdictRow & { same: boolean }>(
      `SELECT *, body = $3::jsonb AND who = $4 AS same FROM review_verdicts WHERE workspace_id = $1 AND id = $2`,
      [workspaceId, verdict.id, JSON.stringify(verdict), actor],
    )
    if (row !== undefined && !row.same)
      throw new ReeltagError('VERDICT_DIFFERS', `the verdict ${verdict.id} was given before, with another body`)
    return row
  }

  private async chosen(
    { tags, taxonomy }: HeldItem,
    { action, tags: said = [] }: NewVerdict,
  ): Promise<{ readonly tags: ChosenTag[]; readonly suggested: ChosenTag[] }> {
    const ref = taxonomy ?? ''
    const tree = await this.trees.read(ref)
    checkTags(said, tree, ref)
    const suggested = suggestionOf(tags, tree)
    return { tags: decides(action) && action !== 'reject' ? correctedBy(suggested, said) : [], suggested }
  }

  private async insert(
    tx: Transaction,
    { workspaceId, actor }: Reviewer,
    verdict: NewVerdict,
    {
      item,
      tags,
      suggested,
      state,
    }: { readonly item: HeldItem; readonly state: string } & Record<'tags' | 'suggested', readonly ChosenTag[]>,
  ): Promise<VerdictRow> {
    const { id, action, reason, note, evidence } = verdict
    const [row] = await tx.query<VerdictRow>(
      `INSERT INTO review_verdicts (workspace_id, id, item_id, content_id, action, tags, suggested, reason, note, evidence, body, who,
         at, claimed_at, state, publishes_at, prediction_before)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10::jsonb, $11::jsonb, $12, now(), $13, $14,
         CASE WHEN $14 = 'waiting' THEN now() + $15 * interval '1 second' END, $16)
       RETURNING *`,
      [
        ...[workspaceId, id, item.id, item.content_id, action, JSON.stringify(tags), JSON.stringify(suggested)],
        ...[reason ?? null, note ?? null, evidence === undefined ? null : JSON.stringify(evidence)],
        ...[JSON.stringify(verdict), actor, item.claimed_at, state],
        ...[this.graceSeconds, item.prediction_id],
      ],
    )
    if (row === undefined) throw new Error('an insert returned nothing')
    return row
  }
}

/** Whether something is published by it. The others leave the item open, for somebody else. */
const decides = (action: string): boolean => action !== 'skip' && action !== 'escalate'

/** @returns its revision, which does not grow until the transaction ends; undefined where the workspace has no such item */
const holdContent = async (tx: Transaction, workspaceId: string, itemId: string): Promise<number | undefined> => {
  const [content] = await tx.query<{ revision: number }>(
    `SELECT revision FROM contents
     WHERE id = (SELECT content_id FROM review_items WHERE id = $1 AND workspace_id = $2) FOR SHARE`,
    [itemId, workspaceId],
  )
  return content?.revision
}

const holdItem = async (tx: Transaction, itemId: string): Promise<HeldItem | undefined> => {
  const [item] = await tx.query<HeldItem>(
    // The clock, and not the beginning of the transaction: it may have waited for the lock.
    `SELECT r.id, r.content_id, r.prediction_id, r.revision, r.state, r.holder, r.token, r.claimed_at, r.tags, r.queue,
       coalesce(r.lease_until > clock_timestamp(), false) AS is_held,
       (SELECT versions->>'taxonomy' FROM predictions WHERE id = r.prediction_id) AS taxonomy
     FROM review_items r WHERE r.id = $1 FOR UPDATE`,
    [itemId],
  )
  return item
}

const assertHeld = (item: HeldItem, revision: number, { actor }: Reviewer, token: number): void => {
  if (item.state === 'superseded' || revision > item.revision)
    throw new ReeltagError('ITEM_SUPERSEDED', `the content is at revision ${revision}, the item at ${item.revision}`)
  if (item.state !== 'open') throw new ReeltagError('CLAIM_LOST', 'the item is decided')
  if (item.holder !== actor || Number(item.token) !== token)
    throw new ReeltagError('CLAIM_LOST', 'somebody else has claimed the item since, or it was given back')
  if (!item.is_held) throw new ReeltagError('CLAIM_LOST', 'the lease is over')
}

const closeItem = async (tx: Transaction, itemId: string, outcome: string): Promise<void> => {
  await tx.query(
    `UPDATE review_items SET holder = NULL, lease_until = NULL, state = CASE WHEN $2 THEN 'decided' ELSE state END,
       queue = CASE WHEN $3 THEN '${escalatedQueue}' ELSE queue END
     WHERE id = $1`,
    [itemId, outcome === 'decided', outcome === 'escalate'],
  )
}
