import { RuleHit, type ContentHistory } from '@reeltag/contracts'
import type { HistoryRow } from './contents.repository.js'
import { toResult } from './content-view.js'

type Entry = ContentHistory['items'][number]

export const toHistoryEntry = (row: HistoryRow): Entry => {
  const { attempt, because, item, ...prediction } = row
  const result = toResult(prediction)
  return {
    ...result,
    decidedBy: result.origin?.kind === 'review' ? 'review' : attempt === null ? 'redecision' : 'model',
    because: because === null ? null : RuleHit.array().parse(because),
    review: item,
  }
}
