import type { ContentState, SubmitContent } from '@reeltag/contracts'
import type { Logger } from '@reeltag/platform'
import type { OutgoingEvent } from '@reeltag/events'
import type { Recording, RevisionAt } from './recording.js'

/** Names one attempt at one stage of one content; what a queue job carries. */
export interface StageKey {
  readonly contentId: string
  readonly stage: string
  /** The fence: finishing with an older attempt changes nothing. */
  readonly attempt: number
}

/** Everything that a handler may know of the content it works on. */
export interface StageTask extends StageKey {
  readonly workspaceId: string
  /** Pack to tag with, `name/version`. */
  readonly pack: string
  readonly submission: SubmitContent
  readonly video: { readonly sha256: string; readonly bytes: number } | null
  readonly inputHash: string
  readonly traceparent: string | null
  /** Outputs of the finished stages, by stage. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** Aborted when the lease is lost or the process stops. Anything that the handler does afterwards is discarded. */
  readonly signal: AbortSignal
  readonly logger: Logger
}

/** What a handler returns: the output, and what else becomes true in the same transaction. */
export interface FinishedStage {
  readonly output: unknown
  /** Set by the stage that concludes the content; raises its revision. */
  readonly contentState?: Extract<ContentState, 'published' | 'in_review'>
  /** True if the result must survive a power cut as soon as it is visible. This costs a disk flush. */
  readonly durable?: boolean
  /** Written in the transaction that finishes the stage, and only if the fence accepts this attempt. */
  readonly record?: Recording
  readonly events?: (at: RevisionAt) => readonly OutgoingEvent[]
}

/** A content at the moment of its acceptance. */
export interface NewContent {
  readonly id: string
  readonly workspaceId: string
  readonly externalId: string | null
  readonly pack: string
  readonly submission: SubmitContent
  readonly video: { readonly sha256: string; readonly bytes: number } | null
  readonly inputHash: string
  readonly traceparent: string | null
}
