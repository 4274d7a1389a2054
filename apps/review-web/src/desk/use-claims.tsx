import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { http, post } from '../api/http.js'
import type { Claim } from '../api/review-types.js'
import { onItemChange } from '../shell/live.js'
import { addFresh, keepHeld, type Loss } from './claims.js'
import { useIdle } from './use-idle.js'

const heldCount = 4
const refillBelow = 3
const heartbeatMs = 15_000
const pollMs = 10_000
const idleMs = 10 * 60_000

interface Beat {
  readonly held: { readonly itemId: string; readonly leaseUntil: string }[]
  readonly lost: { readonly itemId: string; readonly because: string }[]
}

export interface Claims {
  readonly state: 'loading' | 'ready' | 'failed' | 'idle'
  readonly error: unknown
  readonly claims: readonly Claim[]
  readonly held: RefObject<readonly Claim[]>
  readonly loss: Loss | undefined
  setClaims(change: (before: readonly Claim[]) => readonly Claim[]): void
  setLoss(loss: Loss | undefined): void
  refill(count?: number): Promise<void>
  resume(): void
}

const named = (claims: readonly Claim[]) => claims.map(({ item, token }) => ({ itemId: item.id, token }))

/** Gives back what is held. A page that goes away may still send this. */
const release = (claims: readonly Claim[]): void => {
  if (claims.length === 0) return
  void fetch('/v1/review/claims/release', {
    method: 'POST',
    keepalive: true,
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'x-reeltag-csrf': http.csrfToken ?? '' },
    body: JSON.stringify({ claims: named(claims) }),
  }).catch(() => undefined)
}

/**
 * The items that somebody holds: taken a few at a time, kept by a heartbeat, given back when they leave.
 * @param gone decided here; the server may not know it yet
 */
export const useClaims = (queue: string, gone: RefObject<Set<string>>): Claims => {
  const [claims, setClaims] = useState<readonly Claim[]>([])
  const [state, setState] = useState<Claims['state']>('loading')
  const [error, setError] = useState<unknown>()
  const [loss, setLoss] = useState<Loss>()
  const held = useRef(claims)
  held.current = claims
  const refill = useCallback(
    async (count = heldCount) => {
      try {
        const answer = await post<{ claims: Claim[] }>('/v1/review/claims', { queue, count })
        setClaims((before) => addFresh(before, answer.claims, gone.current))
        setState('ready')
        setError(undefined)
      } catch (problem) {
        setError(problem)
        setState((before) => (before === 'loading' ? 'failed' : before))
      }
    },
    [queue, gone],
  )
  const heartbeat = useCallback(async () => {
    const mine = held.current
    if (mine.length === 0) return
    // Without an answer the lease runs out by itself; the countdown shows it.
    const answer = await post<Beat>('/v1/review/claims/heartbeat', { claims: named(mine) }).catch(() => undefined)
    if (answer === undefined) return
    const lost = answer.lost.filter(({ itemId }) => !gone.current.has(itemId))
    const first = lost.find(({ itemId }) => mine.some(({ item }) => item.id === itemId))
    const title = mine.find(({ item }) => item.id === first?.itemId)?.item.title ?? ''
    if (first !== undefined) setLoss({ ...first, title })
    setClaims((before) => keepHeld(before, answer.held, lost))
  }, [gone])
  useEffect(() => {
    setClaims([])
    setState('loading')
    void refill()
  }, [refill])
  useEffect(() => {
    if (claims.length < refillBelow && state === 'ready') void refill()
  }, [claims.length, state, refill])
  useEffect(() => {
    if (state !== 'ready') return undefined
    const beat = setInterval(() => void heartbeat(), heartbeatMs)
    const poll = setInterval(() => held.current.length < refillBelow && void refill(), pollMs)
    return () => {
      clearInterval(beat)
      clearInterval(poll)
    }
  }, [state, heartbeat, refill])
  useEffect(
    () =>
      onItemChange(({ id, change }) => {
        if (change !== 'claimed' && held.current.some(({ item }) => item.id === id)) void heartbeat()
      }),
    [heartbeat],
  )
  useEffect(() => {
    const leave = (): void => release(held.current)
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [queue])
  useIdle(idleMs, () => {
    release(held.current)
    setClaims([])
    setState('idle')
  })
  const resume = (): void => {
    setState('loading')
    void refill()
  }
  return { state, error, claims, held, loss, setClaims, setLoss, refill, resume }
}
