import { useMemo, useRef, useState } from 'react'
import { post, put } from '../api/http.js'
import type { Claim, Verdict, VerdictView } from '../api/review-types.js'
import { useSession } from '../session/session.js'
import { DraftStore, type Draft } from '../storage/drafts.js'
import type { OutboxListener } from '../storage/outbox.js'
import { without, type Loss } from './claims.js'
import { useClaims, type Claims } from './use-claims.js'
import { useVerdicts } from './use-verdicts.js'

export interface LastVerdict {
  readonly verdict: Verdict
  readonly title: string
  readonly view?: VerdictView
  readonly problem?: unknown
}

export interface Desk {
  readonly state: Claims['state']
  readonly error: unknown
  readonly current: Claim | undefined
  readonly upcoming: readonly Claim[]
  readonly loss: Loss | undefined
  readonly last: LastVerdict | undefined
  /** Verdicts that the server does not have yet. */
  readonly waiting: number
  readonly decided: number
  readonly drafts: DraftStore
  decide(verdict: Verdict): void
  keepDraft(claim: Claim, draft: Draft): void
  undo(): Promise<void>
  move(by: 1 | -1): void
  forgetLoss(): void
  resume(): void
}

const draftOf = ({ tags, note, evidence }: Verdict): Draft => ({
  ...(tags === undefined ? {} : { tags }),
  ...(note === undefined ? {} : { note }),
  ...(evidence === undefined ? {} : { evidence }),
})

const turned = (claims: readonly Claim[], by: 1 | -1): readonly Claim[] =>
  by === 1 ? [...claims.slice(1), ...claims.slice(0, 1)] : [...claims.slice(-1), ...claims.slice(0, -1)]

/** The items that somebody holds, what they have decided, and what still has to reach the server. */
export const useDesk = (queue: string): Desk => {
  const { user } = useSession()
  const [last, setLast] = useState<LastVerdict>()
  const [decided, setDecided] = useState(0)
  const gone = useRef(new Set<string>())
  const drafts = useMemo(() => new DraftStore(localStorage, user.id), [user.id])
  const { state, error, claims, held, loss, setClaims, setLoss, refill, resume } = useClaims(queue, gone)
  const listener = useMemo<OutboxListener<Verdict, VerdictView>>(
    () => ({
      done: ({ id, itemId }, view) => {
        drafts.remove(itemId)
        setLast((before) => (before?.verdict.id === id ? { ...before, view } : before))
      },
      refused: (verdict, problem) => {
        gone.current.delete(verdict.itemId)
        // What was chosen is not lost with the claim.
        drafts.put(verdict.itemId, draftOf(verdict))
        setDecided((count) => Math.max(0, count - 1))
        setLast((before) => (before?.verdict.id === verdict.id ? { ...before, problem } : before))
        void refill()
      },
    }),
    [drafts, refill],
  )
  const verdicts = useVerdicts(listener)
  const decide = (verdict: Verdict): void => {
    const claim = held.current.find(({ item }) => item.id === verdict.itemId)
    gone.current.add(verdict.itemId)
    setClaims((before) => without(before, verdict.itemId))
    setLast({ verdict, title: claim?.item.title ?? '' })
    setDecided((count) => count + 1)
    setLoss(undefined)
    verdicts.add(verdict)
  }
  const undo = async (): Promise<void> => {
    if (last?.view === undefined) return
    const { itemId } = await post<VerdictView>(`/v1/review/verdicts/${last.verdict.id}/undo`)
    gone.current.delete(itemId)
    setLast(undefined)
    setDecided((count) => Math.max(0, count - 1))
    await refill(5)
    setClaims((before) => [...before.filter(({ item }) => item.id === itemId), ...without(before, itemId)])
  }
  const keepDraft = ({ item, token }: Claim, draft: Draft): void => {
    drafts.put(item.id, draft)
    void put(`/v1/review/items/${item.id}/draft`, { token, draft }).catch(() => undefined)
  }
  return {
    ...{ state, error, loss, last, decided, drafts, decide, undo, keepDraft, resume },
    current: claims[0],
    upcoming: claims.slice(1),
    waiting: verdicts.waiting,
    move: (by) => setClaims((before) => turned(before, by)),
    forgetLoss: () => setLoss(undefined),
  }
}
