import { RuleHit, type ContentHistory } from '@reeltag/contracts'
import type { HistoryRow } from './contents.repository.js'
import { toResult } from './content-view.js'

type Entry = ContentHistory['items'][number]

export const toHistoryEntry = (row: HistoryRow): Entry => {
  const { attempt, origin, because, item, ...prediction } = row
  return {
    ...toResult(prediction),
    origin: {
      kind: origin?.kind === 'review' ? 'review' : attempt === null ? 'redecision' : 'model',
      by: origin?.by ?? null,
      reason: origin?.reason ?? null,
    },
    because: because === null ? null : RuleHit.array().parse(because),
    review: item,
  }
}
