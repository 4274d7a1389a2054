import { useEffect, useMemo, useReducer } from 'react'
import { ApiError, NetworkError, post } from '../api/http.js'
import type { Verdict, VerdictView } from '../api/review-types.js'
import { useSession, useSessionState } from '../session/session.js'
import { Outbox, type OutboxListener, type Sent } from '../storage/outbox.js'

const againMs = 5_000

const send = async (verdict: Verdict): Promise<Sent<VerdictView>> => {
  try {
    return { kind: 'done', answer: await post<VerdictView>('/v1/review/verdicts', verdict) }
  } catch (error) {
    if (error instanceof NetworkError) return { kind: 'later' }
    if (error instanceof ApiError && error.status === 401) return { kind: 'signed-out' }
    // A token of a session that has been renewed is wrong once; a server that is down comes back.
    if (error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.code === 'CSRF_TOKEN_WRONG'))
      return { kind: 'later' }
    return { kind: 'refused', error }
  }
}

export interface Verdicts {
  /** How many the server does not have yet. */
  readonly waiting: number
  add(verdict: Verdict): void
}

/** Verdicts on their way to the server; sent again when the network or the session is back. */
export const useVerdicts = (listener: OutboxListener<Verdict, VerdictView>): Verdicts => {
  const { user } = useSession()
  const { session, reachable } = useSessionState()
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const outbox = useMemo(
    () => new Outbox(localStorage, `reeltag.verdicts.${user.id}`, send, listener),
    [user.id, listener],
  )
  useEffect(() => {
    if (reachable && session !== null) void outbox.flush().finally(redraw)
    const again = setInterval(() => {
      if (outbox.waiting.length > 0) void outbox.flush().finally(redraw)
    }, againMs)
    return () => clearInterval(again)
  }, [reachable, session, outbox])
  return { waiting: outbox.waiting.length, add: (verdict) => void outbox.add(verdict).finally(redraw) }
}
