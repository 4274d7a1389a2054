import { Button } from '@mantine/core'
import { IconCoffee, IconMoodCheck, IconPlayerPause } from '@tabler/icons-react'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { evidenceQuery, mediaQuery } from '../api/queries.js'
import type { Claim } from '../api/review-types.js'
import { EmptyState, ErrorState, LoadingState } from '../components/states.js'
import { useActions } from '../keys/use-actions.js'
import { isBreakDue, looked, startExposure } from './exposure.js'
import { deskHandlers } from './item-actions.js'
import { ItemView } from './item-view.js'
import { DeskStatus } from './parts/desk-status.js'
import { UndoBar } from './parts/undo-bar.js'
import './review.css'
import { useSettings } from './settings.js'
import { useDesk, type Desk } from '../desk/use-desk.js'

const loadFrames = async (client: QueryClient, contentId: string): Promise<void> => {
  const media = await client.fetchQuery(mediaQuery(contentId))
  for (const { url } of media.frames) new Image().src = url
}

/** Fetches media and pictures of what comes next, so that it is there when it is its turn. */
const usePreload = (upcoming: readonly Claim[]): void => {
  const client = useQueryClient()
  const ids = upcoming
    .slice(0, 2)
    .map(({ item }) => item.contentId)
    .join(' ')
  useEffect(() => {
    for (const id of ids.split(' ').filter(Boolean)) {
      void client.prefetchQuery(evidenceQuery(id))
      void loadFrames(client, id).catch(() => undefined)
    }
  }, [ids, client])
}

/** Proposes a break; nobody is made to take it. */
const useBreak = (decided: number): [boolean, () => void] => {
  const exposure = useRef(startExposure(Date.now()))
  const [due, setDue] = useState(false)
  useEffect(() => {
    if (decided === 0) return
    exposure.current = looked(exposure.current, Date.now())
    if (isBreakDue(exposure.current, Date.now())) setDue(true)
  }, [decided])
  return [
    due,
    () => {
      exposure.current = startExposure(Date.now())
      setDue(false)
    },
  ]
}

const Body = ({
  desk,
  settings,
  change,
}: {
  desk: Desk
  settings: ReturnType<typeof useSettings>[0]
  change: ReturnType<typeof useSettings>[1]
}): ReactNode => {
  const { t } = useTranslation()
  if (desk.state === 'failed') return <ErrorState error={desk.error} retry={desk.resume} />
  if (desk.state === 'idle')
    return (
      <EmptyState
        title={t('review.idle')}
        icon={<IconPlayerPause size={24} aria-hidden />}
        action={<Button onClick={desk.resume}>{t('review.resume')}</Button>}
      >
        {t('review.idleWhy')}
      </EmptyState>
    )
  if (desk.state === 'loading')
    return (
      <div className="page">
        <LoadingState lines={4} />
      </div>
    )
  if (desk.current === undefined)
    return (
      <EmptyState
        title={t('review.empty')}
        icon={<IconMoodCheck size={24} aria-hidden />}
        action={
          <Button variant="default" component={Link} to="/queues">
            {t('review.otherQueues')}
          </Button>
        }
      >
        {t('review.emptyWhy')}
      </EmptyState>
    )
  return <ItemView key={desk.current.item.id} claim={desk.current} desk={desk} settings={settings} change={change} />
}

const ReviewPage = (): ReactNode => {
  const { t } = useTranslation()
  const { queue = 'all' } = useParams()
  const desk = useDesk(queue)
  const [settings, change] = useSettings()
  const [due, rested] = useBreak(desk.decided)
  usePreload(desk.upcoming)
  // An item on the desk brings its own keys; this is for when the last one is gone.
  useActions(settings.bindings, deskHandlers(desk), desk.current === undefined)
  return (
    <div className="review">
      <DeskStatus
        claim={desk.current}
        queue={queue === 'all' ? t('review.allQueues') : queue}
        decided={desk.decided}
        waiting={desk.waiting}
      />
      {desk.loss === undefined ? null : (
        <div className="banner" role="alert">
          <span>
            {t(`loss.${desk.loss.because}`, { defaultValue: t('loss.expired'), title: desk.loss.title })}{' '}
            {t('loss.kept')}
          </span>
          <Button size="compact-sm" variant="default" onClick={desk.forgetLoss}>
            {t('states.close')}
          </Button>
        </div>
      )}
      {due && (
        <div className="banner" role="status">
          <IconCoffee size={18} aria-hidden />
          <span>{t('review.breakDue')}</span>
          <Button size="compact-sm" variant="default" onClick={rested}>
            {t('review.goOn')}
          </Button>
        </div>
      )}
      <div className="review-body">
        <Body desk={desk} settings={settings} change={change} />
      </div>
      {desk.last === undefined ? null : (
        <UndoBar key={desk.last.verdict.id} last={desk.last} undoKey={settings.bindings.undo} onUndo={desk.undo} />
      )}
    </div>
  )
}

export default ReviewPage
