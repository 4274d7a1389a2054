import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, get, http, remove } from '../api/http.js'
import type { Session } from '../api/review-types.js'

interface SessionState {
  readonly session: Session | null
  /** There was a session on this page, and the server does not know it any more. What is on the page stays. */
  readonly expired: boolean
  readonly reachable: boolean
  readonly refresh: () => Promise<unknown>
  readonly signOut: () => Promise<void>
}

const SessionContext = createContext<SessionState | undefined>(undefined)

export const sessionKey = ['session'] as const

/** The session of this browser, asked for once and kept current. */
export const SessionProvider = ({
  children,
  pending,
  failed,
}: {
  children: ReactNode
  pending: ReactNode
  failed: (error: unknown, retry: () => void) => ReactNode
}): ReactNode => {
  const client = useQueryClient()
  const { i18n } = useTranslation()
  const [expired, setExpired] = useState(false)
  const [reachable, setReachable] = useState(navigator.onLine)
  const query = useQuery({
    queryKey: sessionKey,
    staleTime: Infinity,
    retry: (count, error) => !(error instanceof ApiError) && count < 2,
    queryFn: async () => {
      try {
        return await get<Session>('/v1/session')
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
  })
  const session = query.data ?? null
  http.csrfToken = session?.csrfToken
  http.language = i18n.language
  useEffect(() => {
    http.onSignedOut = () => {
      if (client.getQueryData(sessionKey) != null) setExpired(true)
    }
    http.onReachable = setReachable
    const online = (): void => setReachable(true)
    const offline = (): void => setReachable(false)
    window.addEventListener('online', online)
    window.addEventListener('offline', offline)
    return () => {
      window.removeEventListener('online', online)
      window.removeEventListener('offline', offline)
    }
  }, [client])
  useEffect(() => setExpired(false), [session?.csrfToken])
  const state = useMemo<SessionState>(
    () => ({
      session,
      expired,
      reachable,
      refresh: () => client.refetchQueries({ queryKey: sessionKey }),
      signOut: async () => {
        await remove('/v1/session').catch(() => undefined)
        client.clear()
        client.setQueryData(sessionKey, null)
      },
    }),
    [client, session, expired, reachable],
  )
  if (query.isPending) return pending
  if (query.isError) return failed(query.error, () => void query.refetch())
  return <SessionContext value={state}>{children}</SessionContext>
}

export const useSessionState = (): SessionState => {
  const state = useContext(SessionContext)
  if (state === undefined) throw new Error('useSessionState is for what is inside SessionProvider')
  return state
}

/** @throws where nobody has signed in; pages are shown only to those who have */
export const useSession = (): Session => {
  const { session } = useSessionState()
  if (session === null) throw new Error('nobody has signed in')
  return session
}

const ranks = { reviewer: 0, lead: 1, admin: 2 }

/** Whether the person has this role or a higher one. The server decides; this only hides what it would refuse. */
export const useIsAtLeast = (role: Session['user']['role']): boolean => {
  const { session } = useSessionState()
  return session !== null && ranks[session.user.role] >= ranks[role]
}
