import {
  reviewRequestedV1,
  tagsPredictedV1,
  tagsPublishedV1,
  type CandidateSet,
  type Decision,
  type RuleHit,
  type Tag,
  type Versions,
} from '@reeltag/contracts'
import { outgoing, type OutgoingEvent } from '@reeltag/events'
import type { ResultBefore } from '../stages/recording.js'

/** A result of a content, as its events tell it. */
export interface DecidedResult {
  readonly contentId: string
  readonly predictionId: string
  readonly revision: number
  readonly decision: Decision
  readonly tags: readonly Tag[]
  readonly versions: Versions
  readonly because?: readonly RuleHit[]
  readonly candidates?: CandidateSet
}

/**
 * What is told of a new visible result, whoever made it.
 * @param before the visible result that it supersedes; null where it is the first
 */
export const predictionEvents = (result: DecidedResult, before: ResultBefore | null): OutgoingEvent[] => {
  const { contentId, predictionId, revision, decision, versions } = result
  const supersedes = before && { revision: before.revision, predictionId: before.predictionId }
  const data = { contentId, predictionId, revision, decision, versions, tags: [...result.tags], supersedes }
  const published = data.tags.filter(({ status }) => status === 'published')
  const reason = decision === 'review' ? ('uncertain' as const) : ('ancestor-only' as const)
  const asked = { reason, because: result.because && [...result.because], candidates: result.candidates }
  return [
    outgoing(tagsPredictedV1, data),
    // Only published tags, because readers of this event act on all of its tags. None where those of before are taken back:
    // whoever reads no other event would keep them for ever.
    ...(published.length > 0 || before?.published === true
      ? [outgoing(tagsPublishedV1, { ...data, tags: published })]
      : []),
    ...(decision === 'published' ? [] : [outgoing(reviewRequestedV1, { ...data, ...asked })]),
  ]
}
