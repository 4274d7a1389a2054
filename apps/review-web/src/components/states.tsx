import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconInbox, IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, NetworkError } from '../api/http.js'
import '../shell/shell.css'

/** What went wrong and what to do, in the words of the platform. */
export const ErrorState = ({
  error,
  retry,
  compact = false,
}: {
  error: unknown
  retry?: () => void
  compact?: boolean
}): ReactNode => {
  const { t } = useTranslation()
  const isNetwork = error instanceof NetworkError
  const [title, detail] = isNetwork
    ? [t('states.unreachable'), t('states.unreachableDetail')]
    : error instanceof ApiError
      ? [error.message, error.remedy || error.detail]
      : [t('states.broken'), t('states.brokenDetail')]
  if (compact)
    return (
      <div className="banner bad" role="alert" style={{ borderRadius: 8, border: 0 }}>
        <IconAlertTriangle size={18} aria-hidden />
        <div>
          <div>{title}</div>
          <div className="small">{detail}</div>
        </div>
      </div>
    )
  return (
    <div className="state bad" role="alert">
      <div className="icon">
        {isNetwork ? <IconPlugConnectedX size={24} aria-hidden /> : <IconAlertTriangle size={24} aria-hidden />}
      </div>
      <h2>{title}</h2>
      <p>{detail}</p>
      {error instanceof ApiError && <p className="mono muted">{error.code}</p>}
      {retry !== undefined && (
        <Button variant="default" onClick={retry}>
          {t('states.retry')}
        </Button>
      )}
    </div>
  )
}

/** Nothing is there, and why that is all right. */
export const EmptyState = ({
  title,
  children,
  icon,
  action,
}: {
  title: string
  children?: ReactNode
  icon?: ReactNode
  action?: ReactNode
}): ReactNode => (
  <div className="state">
    <div className="icon">{icon ?? <IconInbox size={24} aria-hidden />}</div>
    <h2>{title}</h2>
    {children === undefined ? null : <p>{children}</p>}
    {action}
  </div>
)

/** Grey lines in the shape of what comes. */
export const LoadingState = ({ lines = 5 }: { lines?: number }): ReactNode => {
  const { t } = useTranslation()
  return (
    <div className="stack" role="status" aria-label={t('states.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={line === 0 ? 22 : 44} width={line === 0 ? '40%' : '100%'} radius="md" />
      ))}
    </div>
  )
}
