import { Button } from '@mantine/core'
import { IconKey, IconLogin2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { ErrorState } from '../components/states.js'
import { get, post } from '../api/http.js'
import { Preferences } from '../shell/preferences.js'
import { useSessionState } from './session.js'

/** The one-time token of a sign-in link. It stands in the fragment, which no server and no log ever sees. */
const tokenIn = (hash: string): string | null => new URLSearchParams(hash.replace(/^#/, '')).get('token')

const returnPath = (search: string): string => {
  const wanted = new URLSearchParams(search).get('returnTo') ?? '/'
  return /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}

export const SignInPage = (): ReactNode => {
  const { t } = useTranslation()
  const { session, refresh } = useSessionState()
  const { hash, search } = useLocation()
  const navigate = useNavigate()
  const [error, setError] = useState<unknown>()
  const refused = new URLSearchParams(search).get('error')
  const [token] = useState(() => tokenIn(hash))
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: () => get<{ openId: { name: string } | null }>('/v1/session/providers'),
  })
  useEffect(() => {
    if (token === null) return
    // Out of the address bar and the history before anything else happens.
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  }, [token])
  useEffect(() => {
    if (session !== null && token === null) void navigate(returnPath(search), { replace: true })
  }, [session, token, navigate, search])
  const [working, setWorking] = useState(false)
  const useLink = async (): Promise<void> => {
    setWorking(true)
    try {
      await post('/v1/session/link', { token })
      await refresh()
      void navigate(returnPath(search), { replace: true })
    } catch (problem) {
      setError(problem)
    } finally {
      setWorking(false)
    }
  }
  const openId = providers.data?.openId
  const returnTo = `/app${returnPath(search)}`
  return (
    <main className="sign-in">
      <div className="card stack">
        <div className="brand">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" />
          Reeltag
        </div>
        <div className="stack tight">
          <h1 className="figure-value">{t('signIn.title')}</h1>
          <p className="muted">{token === null ? t('signIn.how') : t('signIn.withLink')}</p>
        </div>
        {error === undefined ? null : <ErrorState error={error} compact />}
        {refused !== null && error === undefined && token === null && (
          <p className="banner bad" role="alert">
            {t('signIn.refused')} <span className="mono">{refused}</span>
          </p>
        )}
        {token !== null && error === undefined && (
          <Button size="md" loading={working} leftSection={<IconKey size={18} />} onClick={() => void useLink()}>
            {t('signIn.useLink')}
          </Button>
        )}
        {openId != null && (
          <Button
            size="md"
            variant={token === null ? 'filled' : 'default'}
            component="a"
            href={`/v1/session/openid?returnTo=${encodeURIComponent(returnTo)}`}
            leftSection={<IconLogin2 size={18} />}
          >
            {t('signIn.openId', { name: openId.name })}
          </Button>
        )}
        {token === null && openId === null && <p className="small muted">{t('signIn.askForLink')}</p>}
        <Preferences />
      </div>
    </main>
  )
}
