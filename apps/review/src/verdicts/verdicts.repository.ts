import { Injectable } from '@nestjs/common'
import { ReeltagError, type VerdictView } from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { Database, type Transaction } from '@reeltag/platform'
import { toVerdictView, type VerdictRow } from './verdict-row.js'

export interface VerdictsWanted {
  readonly itemId?: string | undefined
  readonly who?: string | undefined
  readonly limit: number
  readonly before: Cursor | undefined
  /** Not a lead: does not see what others say of an item that is still to be decided. */
  readonly blindFor?: string | undefined
}

/** Reads verdicts. They are written where they are given, published and undone. */
@Injectable()
export class VerdictsRepository {
  constructor(private readonly db: Database) {}

  /** Newest first, one more than the limit. */
  async list(workspaceId: string, { itemId, who, limit, before, blindFor }: VerdictsWanted): Promise<VerdictView[]> {
    const params: unknown[] = [workspaceId]
    const given = (value: unknown): string => `$${params.push(value)}`
    // Only what is asked for stands in the statement, so that each filter is served by an index of its own.
    const conditions = [
      'workspace_id = $1',
      ...(itemId === undefined ? [] : [`item_id = ${given(itemId)}`]),
      ...(who === undefined ? [] : [`who = ${given(who)}`]),
      ...(blindFor === undefined
        ? []
        : [
            `(who = ${given(blindFor)} OR state <> 'none' OR NOT EXISTS (
               SELECT 1 FROM review_items r WHERE r.id = item_id AND r.state = 'open'))`,
          ]),
      ...(before === undefined
        ? []
        : [`(at, id) < (${given(before.createdAt)}::timestamptz, ${given(before.id)}::uuid)`]),
    ]
    const rows = await this.db.query<VerdictRow>(
      `SELECT * FROM review_verdicts WHERE ${conditions.join(' AND ')} ORDER BY at DESC, id DESC LIMIT ${given(limit + 1)}`,
      params,
    )
    return rows.map(toVerdictView)
  }
}

/** @throws NOT_FOUND, also for a verdict of another workspace */
export const findVerdict = async (
  tx: Pick<Transaction, 'query'>,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  lock: 'FOR UPDATE' | '' = '',
): Promise<VerdictRow> => {
  const [row] = await tx.query<VerdictRow>(
    `SELECT * FROM review_verdicts WHERE workspace_id = $1 AND id = $2 ${lock}`,
    [workspaceId, id],
  )
  if (row === undefined) throw new ReeltagError('NOT_FOUND', 'the workspace has no such verdict')
  return row
}
