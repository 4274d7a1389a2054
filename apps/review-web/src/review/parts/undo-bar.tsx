import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClockPause } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/http.js'
import { useNow } from '../../components/format.js'
import { KeyCaps } from '../../components/key-caps.js'
import type { LastVerdict } from '../../desk/use-desk.js'

/** What has just been decided, and the way back. */
export const UndoBar = ({
  last,
  undoKey,
  onUndo,
}: {
  last: LastVerdict
  undoKey: string
  onUndo: () => Promise<void>
}): ReactNode => {
  const { t } = useTranslation()
  const now = useNow(500)
  const [problem, setProblem] = useState<unknown>()
  const failed = last.problem ?? problem
  if (failed !== undefined)
    return (
      <div className="undo-bar bad" role="alert">
        <IconAlertTriangle size={18} aria-hidden />
        <span className="what">
          {failed instanceof ApiError && failed.code === 'CLAIM_LOST'
            ? t('review.claimLost', { title: last.title })
            : `${last.title}: ${failed instanceof Error ? failed.message : ''}`}
        </span>
      </div>
    )
  if (last.view === undefined)
    return (
      <div className="undo-bar" role="status">
        <IconClockPause size={18} aria-hidden />
        <span className="what">{t('review.sending', { title: last.title })}</span>
      </div>
    )
  const left = last.view.publishesAt === null ? 0 : Math.ceil((Date.parse(last.view.publishesAt) - now) / 1000)
  return (
    <div className="undo-bar" role="status">
      <IconCircleCheck size={18} aria-hidden />
      <span className="what">
        {t(`review.did.${last.view.action}`)} <b dir="auto">{last.title}</b>
      </span>
      {left > 0 && <span className="num small muted">{t('review.publishesIn', { count: left })}</span>}
      <Button
        size="compact-sm"
        variant="default"
        rightSection={<KeyCaps written={undoKey} />}
        onClick={() => void onUndo().catch(setProblem)}
      >
        {t('review.undo')}
      </Button>
    </div>
  )
}
