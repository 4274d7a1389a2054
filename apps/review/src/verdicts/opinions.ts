import type { ChosenTag } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import { escalatedQueue } from '../queues/filing.js'

/** Whose hash is below the share: the same items, however often it is asked, and nothing that a reviewer sees says which. */
const isDouble = `(hashtextextended(r.id::text, 0) & 1048575) / 1048576.0 < q.double_share`

/**
 * What a verdict makes of an item that may need two opinions. What a lead says of an escalated item decides it alone.
 * @returns wait: another person is to look at it; decided; escalate: two people differ
 */
export const outcomeOf = async (
  tx: Transaction,
  item: { readonly id: string; readonly queue: string },
  tags: readonly ChosenTag[],
): Promise<'wait' | 'decided' | 'escalate'> => {
  if (item.queue === escalatedQueue) return 'decided'
  const [row] = await tx.query<{ double: boolean; opinions: ChosenTag[][] }>(
    `SELECT coalesce((SELECT ${isDouble} FROM review_queues q
         WHERE q.workspace_id = r.workspace_id AND q.name = r.queue), false) AS double,
       (SELECT coalesce(jsonb_agg(v.tags), '[]') FROM review_verdicts v
        WHERE v.item_id = r.id AND v.state = 'none' AND v.action NOT IN ('skip', 'escalate')) AS opinions
     FROM review_items r WHERE r.id = $1`,
    [item.id],
  )
  const opinions = row?.opinions ?? []
  if (opinions.length === 0) return row?.double === true ? 'wait' : 'decided'
  const mine = answerOf(tags)
  return opinions.every((said) => answerOf(said) === mine) ? 'decided' : 'escalate'
}

/** Equal where two people say the same, in whatever order. */
export const answerOf = (tags: readonly ChosenTag[]): string =>
  JSON.stringify(tags.map(({ facet, path }) => `${facet}:${path}`).toSorted())
