import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiError, get, put } from '../api/http.js'
import type { Routing } from '../api/platform-types.js'
import type { ReviewQueue } from '../api/review-types.js'
import { useAgo, useNames } from '../components/format.js'
import { PageHead } from '../components/page-head.js'
import { EmptyState, ErrorState, LoadingState } from '../components/states.js'
import { Table } from '../components/table.js'
import { useIsAtLeast } from '../session/session.js'

const QueueRow = ({ queue }: { queue: ReviewQueue }): ReactNode => {
  const { t } = useTranslation()
  const nameOf = useNames()
  const ago = useAgo()
  const client = useQueryClient()
  // `all` is there always, and is nobody's to change.
  const mayChange = useIsAtLeast('lead') && queue.name !== 'all'
  const pause = useMutation({
    mutationFn: (paused: boolean) =>
      put(`/v1/review/queues/${queue.name}`, { title: queue.title, rule: queue.rule, paused }),
    onSettled: () => client.invalidateQueries({ queryKey: ['queues'] }),
  })
  return (
    <tr>
      <td>
        <div className="row">
          <b dir="auto">{nameOf(queue.title)}</b>
          {queue.paused && <span className="pill warn">{t('queues.paused')}</span>}
        </div>
        <span className="mono muted">{queue.name}</span>
      </td>
      <td className="right num">{queue.open}</td>
      <td className="right num wide-only">{queue.claimed}</td>
      <td className="right num">{queue.late > 0 ? <span className="pill bad">{queue.late}</span> : 0}</td>
      <td className="muted wide-only">{ago(queue.oldestAt)}</td>
      <td>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {mayChange && (
            <Button size="xs" variant="default" loading={pause.isPending} onClick={() => pause.mutate(!queue.paused)}>
              {queue.paused ? t('queues.resume') : t('queues.pause')}
            </Button>
          )}
          {!queue.paused && queue.open > 0 && (
            <Button size="xs" component={Link} to={`/review/${queue.name}`}>
              {t('queues.start')}
            </Button>
          )}
        </div>
      </td>
    </tr>
  )
}

const Figure = ({ label, value }: { label: string; value: ReactNode }): ReactNode => (
  <div className="card">
    <div className="small muted">{label}</div>
    <div className="figure-value num">{value}</div>
  </div>
)

const RoutingFigures = (): ReactNode => {
  const { t } = useTranslation()
  const ago = useAgo()
  const routing = useQuery({
    queryKey: ['queues', 'routing'],
    retry: false,
    queryFn: async () => {
      try {
        return await get<Routing>('/v1/review/routing')
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
  if (routing.data === undefined) return null
  return (
    <section className="stack">
      <div className="row spread">
        <h2 className="h2">{t('queues.routing')}</h2>
        {routing.data !== null && (
          <span className="small muted">{t('queues.routed', { ago: ago(routing.data.routedAt) })}</span>
        )}
      </div>
      {routing.data === null ? (
        <p className="muted">{t('queues.noRouting')}</p>
      ) : (
        <div className="grid-4">
          <Figure label={t('queues.toReview')} value={routing.data.items.review} />
          <Figure label={t('queues.toDecide')} value={routing.data.items.decide} />
          <Figure label={t('queues.onHold')} value={routing.data.items.hold} />
          <Figure label={t('queues.minutePrice')} value={routing.data.minutePrice.toFixed(3)} />
        </div>
      )}
    </section>
  )
}

const QueuesPage = (): ReactNode => {
  const { t } = useTranslation()
  const queues = useQuery({
    queryKey: ['queues'],
    queryFn: () => get<{ queues: ReviewQueue[] }>('/v1/review/queues'),
    refetchInterval: 30_000,
  })
  return (
    <div className="page">
      <PageHead title={t('nav.queues')} lead={t('queues.lead')} />
      {queues.isPending ? (
        <LoadingState />
      ) : queues.isError ? (
        <ErrorState error={queues.error} retry={() => void queues.refetch()} />
      ) : queues.data.queues.length === 0 ? (
        <EmptyState title={t('queues.empty')} />
      ) : (
        <Table
          head={
            <>
              <th>{t('queues.name')}</th>
              <th className="right">{t('queues.open')}</th>
              <th className="right wide-only">{t('queues.claimed')}</th>
              <th className="right">{t('queues.late')}</th>
              <th className="wide-only">{t('queues.oldest')}</th>
              <td />
            </>
          }
        >
          {queues.data.queues.map((queue) => (
            <QueueRow key={queue.name} queue={queue} />
          ))}
        </Table>
      )}
      <RoutingFigures />
    </div>
  )
}

export default QueuesPage
