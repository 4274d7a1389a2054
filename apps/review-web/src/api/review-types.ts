// What the review, session and media routes answer.
import type { Draft } from '../storage/drafts.js'

export interface Names {
  readonly zh: string
  readonly en: string
}

export interface Tag {
  readonly facet: string
  /** Node ids from the root, joined by '/'. */
  readonly path: string
  readonly names: readonly Names[]
  readonly confidence: number
  readonly status: string
}

export interface RuleHit {
  readonly rule: string
  readonly [detail: string]: unknown
}

export interface ReviewItem {
  readonly id: string
  readonly contentId: string
  readonly revision: number
  readonly reason: string
  readonly state: string
  readonly title: string | null
  readonly tags: readonly Tag[]
  readonly createdAt: string
  readonly candidateCoverage?: number | null
  readonly candidatesLeftOut?: number
  readonly rules?: readonly RuleHit[]
  readonly route?: string | null
  readonly because?: { rules?: readonly RuleHit[]; perMinute?: number; price?: number } | null
}

/** What a reviewer sees of an item; parts that are not there yet are left out. */
export interface ReviewTask extends ReviewItem {
  readonly text?: {
    readonly title: string | null
    readonly description: string | null
    readonly ocr: string | null
    readonly asr: string | null
    readonly author: { readonly id: string; readonly name: string | null } | null
  }
  /** What accept without tags takes. */
  readonly suggestion?: readonly ChosenTag[]
  readonly frames?: readonly { readonly timeMs: number }[]
  readonly durationMs?: number | null
  readonly priority?: string | null
  readonly queue?: string | null
  readonly dueAt?: string | null
  readonly holder?: { readonly actor: string; readonly leaseUntil: string } | null
  readonly draft?: Draft | null
  readonly notes?: readonly { readonly who: string; readonly at: string; readonly text: string }[]
  readonly policy?: {
    readonly ref: string
    readonly targets: readonly { readonly facet: string; readonly under?: string; readonly error: number }[]
  } | null
  readonly taxonomy?: string
  readonly versions?: Readonly<Record<string, unknown>>
}

export interface ChosenTag {
  readonly facet: string
  readonly path: string
}

export interface Claim {
  readonly item: ReviewTask
  /** The fencing token: a verdict with an older one is refused. */
  readonly token: number
  readonly leaseUntil: string
}

export type VerdictAction = 'accept' | 'correct' | 'reject' | 'skip' | 'escalate'

export interface Verdict {
  /** Made here, so that the same verdict sent twice counts once. */
  readonly id: string
  readonly itemId: string
  readonly token: number
  readonly action: VerdictAction
  readonly tags?: readonly { readonly facet: string; readonly path: string }[]
  readonly reason?: string
  readonly note?: string
  readonly evidence?: readonly { readonly startMs: number; readonly endMs: number }[]
}

export interface VerdictView {
  readonly id: string
  readonly itemId: string
  readonly contentId: string
  readonly action: VerdictAction
  readonly at: string
  readonly state: string
  readonly publishesAt: string | null
  readonly revision: number | null
}

export interface ReviewQueue {
  readonly name: string
  readonly title: Names
  readonly rule: Readonly<Record<string, unknown>>
  readonly open: number
  readonly claimed: number
  readonly late: number
  readonly oldestAt: string | null
  readonly paused: boolean
}

export interface Session {
  readonly user: { readonly id: string; readonly name: string; readonly role: 'reviewer' | 'lead' | 'admin' }
  readonly workspace: { readonly id: string; readonly name: string }
  readonly csrfToken: string
  readonly expiresAt: string
}

export interface Media {
  readonly video: { readonly url: string; readonly mime: string; readonly playable: boolean } | null
  readonly rendition: { readonly state: 'none' | 'making' | 'ready' | 'failed'; readonly url: string | null }
  readonly frames: readonly { readonly timeMs: number; readonly url: string }[]
  readonly filmstripUrl: string | null
  readonly expiresAt: string
}

export interface Evidence {
  readonly method: string
  readonly facet: string
  readonly path: string
  readonly frames: readonly { readonly timeMs: number; readonly weight: number }[]
  /** Offsets in UTF-16 code units of the field. */
  readonly words: readonly {
    readonly start: number
    readonly end: number
    readonly field: string
    readonly weight: number
  }[]
}
