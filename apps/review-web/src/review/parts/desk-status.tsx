import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Claim } from '../../api/review-types.js'
import { useAgo, useNow } from '../../components/format.js'

const left = (until: string | null | undefined, now: number): number | undefined =>
  until == null ? undefined : Math.floor((Date.parse(until) - now) / 1000)

const minutes = (seconds: number): string => {
  const size = Math.abs(seconds)
  if (size >= 5_400) return `${Math.round(size / 3_600)} h`
  return `${Math.floor(size / 60)}:${String(size % 60).padStart(2, '0')}`
}

/** Age, due time and lease of the item, and how the session goes. */
export const DeskStatus = ({
  claim,
  queue,
  decided,
  waiting,
}: {
  claim: Claim | undefined
  queue: string
  decided: number
  waiting: number
}): ReactNode => {
  const { t } = useTranslation()
  const now = useNow(1000)
  const ago = useAgo()
  const lease = left(claim?.leaseUntil, now)
  const due = left(claim?.item.dueAt, now)
  return (
    <div className="desk-status">
      <span className="pill accent">{queue}</span>
      {claim === undefined ? null : (
        <span className="small muted">{t('review.age', { ago: ago(claim.item.createdAt) })}</span>
      )}
      {due === undefined ? null : (
        <span className={due < 0 ? 'pill bad' : due < 600 ? 'pill warn' : 'pill'}>
          {due < 0 ? t('review.late', { time: minutes(due) }) : t('review.due', { time: minutes(due) })}
        </span>
      )}
      {lease === undefined ? null : (
        <span className={lease < 30 ? 'pill warn num' : 'pill num'} title={t('review.leaseHow')}>
          {t('review.lease', { time: minutes(Math.max(0, lease)) })}
        </span>
      )}
      <span className="grow" />
      {waiting > 0 && <span className="pill warn num">{t('review.waiting', { count: waiting })}</span>}
      <span className="small muted num">{t('review.decided', { count: decided })}</span>
    </div>
  )
}
