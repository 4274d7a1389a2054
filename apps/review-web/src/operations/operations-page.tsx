import { Button } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiError, get, post } from '../api/http.js'
import type { ContentPage, PipelineQueues, RerunPage } from '../api/platform-types.js'
import { useAgo, useTime } from '../components/format.js'
import { PageHead } from '../components/page-head.js'
import { EmptyState, ErrorState, LoadingState } from '../components/states.js'
import { Table } from '../components/table.js'

const refreshMs = 5_000

const Queues = (): ReactNode => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['pipeline-queues'],
    queryFn: () => get<PipelineQueues>('/v1/admin/queues'),
    refetchInterval: ({ state }) => (state.error === null ? refreshMs : false),
    retry: false,
  })
  const hold = useMutation({
    mutationFn: ({ queue, what }: { queue: string; what: string }) => post(`/v1/admin/queues/${queue}/${what}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['pipeline-queues'] }),
  })
  if (query.isPending) return <LoadingState lines={3} />
  if (query.error instanceof ApiError && query.error.status === 403)
    return <p className="card muted">{t('operations.queuesForbidden')}</p>
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return (
    <Table
      head={
        <>
          <th>{t('operations.queue')}</th>
          <th>{t('operations.state')}</th>
          <th className="right">{t('operations.waiting')}</th>
          <th className="right">{t('operations.running')}</th>
          <th className="right">{t('operations.failed')}</th>
          <th className="right">{t('operations.oldest')}</th>
          <td />
        </>
      }
    >
      {query.data.items.map(({ queue, state, stages, oldestAgeSeconds }) => (
        <tr key={queue}>
          <td>
            <b>{queue}</b>
          </td>
          <td>
            <span className={state === 'running' ? 'pill accent' : 'pill warn'}>{t(`operations.states.${state}`)}</span>
          </td>
          <td className="right num">{stages.ready + stages.queued}</td>
          <td className="right num">{stages.running}</td>
          <td className="right num">{stages.failed}</td>
          <td className="right num">{oldestAgeSeconds === null ? '–' : `${Math.round(oldestAgeSeconds)} s`}</td>
          <td className="right">
            <Button
              size="xs"
              variant="default"
              onClick={() => hold.mutate({ queue, what: state === 'running' ? 'pause' : 'resume' })}
            >
              {state === 'running' ? t('operations.pause') : t('operations.resume')}
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  )
}

const Failures = (): ReactNode => {
  const { t } = useTranslation()
  const ago = useAgo()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['contents', 'failed'],
    queryFn: () => get<ContentPage>('/v1/contents', { state: 'failed', limit: 30 }),
  })
  const retry = useMutation({
    mutationFn: () => post('/v1/admin/reruns', { contents: 'failed' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['reruns'] }),
  })
  if (query.isPending) return <LoadingState lines={3} />
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return (
    <section className="stack">
      <div className="row spread">
        <h2 className="h2">{t('operations.failures')}</h2>
        {query.data.items.length > 0 && (
          <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
            {t('operations.retryFailed')}
          </Button>
        )}
      </div>
      {retry.isError && <ErrorState error={retry.error} compact />}
      {query.data.items.length === 0 ? (
        <div className="card">
          <EmptyState title={t('operations.failuresNone')} icon={<IconCircleCheck size={24} aria-hidden />} />
        </div>
      ) : (
        <Table
          head={
            <>
              <th>{t('operations.what')}</th>
              <th>{t('operations.why')}</th>
              <th>{t('operations.remedy')}</th>
            </>
          }
        >
          {query.data.items.map(({ id, title, error, updatedAt }) => (
            <tr key={id}>
              <td>
                <Link to={`/results/${id}`} dir="auto">
                  {title ?? t('results.untitled')}
                </Link>
                <div className="small muted">{ago(updatedAt)}</div>
              </td>
              <td>
                {error?.title}
                <div className="mono muted">{error?.code}</div>
              </td>
              <td className="muted">{error?.remedy}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}

const Reruns = (): ReactNode => {
  const { t } = useTranslation()
  const time = useTime()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['reruns'],
    queryFn: () => get<RerunPage>('/v1/admin/reruns', { limit: 10 }),
    refetchInterval: ({ state }) => (state.data?.items.some((rerun) => rerun.state === 'running') ? 2_000 : false),
  })
  const stop = useMutation({
    mutationFn: (id: string) => post(`/v1/admin/reruns/${id}/stop`),
    onSettled: () => client.invalidateQueries({ queryKey: ['reruns'] }),
  })
  const items = query.data?.items ?? []
  return (
    <section className="stack">
      <h2 className="h2">{t('operations.reruns')}</h2>
      {query.isError && <ErrorState error={query.error} compact />}
      {query.isSuccess && items.length === 0 && <p className="muted">{t('operations.rerunsNone')}</p>}
      {items.length > 0 && (
        <Table
          head={
            <>
              <th>{t('operations.contents')}</th>
              <th>{t('operations.state')}</th>
              <th className="right">{t('operations.running')}</th>
              <th>{t('operations.started')}</th>
              <td />
            </>
          }
        >
          {items.map(({ id, contents, state, examined, total, createdAt, pack }) => (
            <tr key={id}>
              <td>
                {t(`operations.selection.${contents}`)}
                <div className="mono muted">{pack}</div>
              </td>
              <td>
                <span className={state === 'done' ? 'pill accent' : 'pill'}>
                  {t(`operations.rerunStates.${state}`)}
                </span>
              </td>
              <td className="right num">{t('operations.progress', { examined, total })}</td>
              <td className="muted">{time(createdAt)}</td>
              <td className="right">
                {state === 'running' && (
                  <Button size="xs" variant="default" onClick={() => stop.mutate(id)}>
                    {t('operations.stop')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}

const OperationsPage = (): ReactNode => {
  const { t } = useTranslation()
  return (
    <div className="page">
      <PageHead title={t('nav.operations')} lead={t('operations.lead')} />
      <section className="stack">
        <h2 className="h2">{t('operations.queues')}</h2>
        <Queues />
      </section>
      <Failures />
      <Reruns />
    </div>
  )
}

export default OperationsPage
