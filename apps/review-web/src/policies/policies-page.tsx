import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { get } from '../api/http.js'
import type { CalibrationPage, PolicyPage } from '../api/platform-types.js'
import { percent, useTime } from '../components/format.js'
import { PageHead } from '../components/page-head.js'
import { EmptyState, ErrorState, LoadingState } from '../components/states.js'
import { Table } from '../components/table.js'
import './policies.css'

export const PolicyState = ({ state }: { state: string }): ReactNode => {
  const { t } = useTranslation()
  return (
    <span className={state === 'active' ? 'pill accent' : 'pill'}>
      {t(`policies.states.${state}`, { defaultValue: state })}
    </span>
  )
}

const Policies = ({ items }: { items: PolicyPage['items'] }): ReactNode => {
  const { t } = useTranslation()
  const time = useTime()
  const navigate = useNavigate()
  return (
    <Table
      head={
        <>
          <th>{t('policies.ref')}</th>
          <th>{t('policies.state')}</th>
          <th className="right">{t('policies.coverage')}</th>
          <th className="right">{t('policies.minutes')}</th>
          <th>{t('policies.created')}</th>
        </>
      }
    >
      {items.map(({ id, ref, state, replay, createdAt, pack }) => (
        <tr key={id} className="link" onClick={() => void navigate(`/policies/${id}`)}>
          <td>
            <Link to={`/policies/${id}`}>
              <b>{ref}</b>
            </Link>
            <div className="mono muted">{pack}</div>
          </td>
          <td>
            <PolicyState state={state} />
          </td>
          <td className="right num">
            {replay == null ? '–' : `${percent(replay.coverage.before)} → ${percent(replay.coverage.after)}`}
          </td>
          <td className="right num">
            {replay == null
              ? '–'
              : `${Math.round(replay.reviewMinutes.before)} → ${Math.round(replay.reviewMinutes.after)}`}
          </td>
          <td className="muted">{time(createdAt)}</td>
        </tr>
      ))}
    </Table>
  )
}

const Calibrations = (): ReactNode => {
  const { t, i18n } = useTranslation()
  const time = useTime()
  const [shown, setShown] = useState<string>()
  const query = useQuery({
    queryKey: ['calibrations'],
    queryFn: () => get<CalibrationPage>('/v1/calibrations', { limit: 10 }),
  })
  const items = query.data?.items ?? []
  return (
    <section className="stack">
      <h2 className="h2">{t('policies.calibrations')}</h2>
      {query.isError && <ErrorState error={query.error} compact />}
      {query.isSuccess && items.length === 0 && <p className="muted">{t('policies.calibrationsNone')}</p>}
      {items.length > 0 && (
        <Table
          head={
            <>
              <th>{t('policies.calibration')}</th>
              <th>{t('policies.family')}</th>
              <th className="right">{t('policies.fittedOn')}</th>
              <th>{t('policies.created')}</th>
              <td />
            </>
          }
        >
          {items.map(({ id, ref, family, contents, createdAt }) => (
            <tr key={id}>
              <td>
                <b>{ref}</b>
              </td>
              <td>{family}</td>
              <td className="right num">{contents}</td>
              <td className="muted">{time(createdAt)}</td>
              <td className="right">
                <Button size="xs" variant="default" onClick={() => setShown(shown === id ? undefined : id)}>
                  {shown === id ? t('policies.hide') : t('policies.reliability')}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {shown === undefined ? null : (
        <figure className="card plot">
          <img
            src={`/v1/calibrations/${shown}/plots/reliability.svg?lang=${i18n.language}`}
            alt={t('policies.reliability')}
          />
        </figure>
      )}
    </section>
  )
}

const PoliciesPage = (): ReactNode => {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['policies'], queryFn: () => get<PolicyPage>('/v1/policies', { limit: 50 }) })
  return (
    <div className="page">
      <PageHead title={t('nav.policies')} lead={t('policies.lead')} />
      {query.isPending ? (
        <LoadingState />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState title={t('policies.empty')}>{t('policies.emptyWhy')}</EmptyState>
      ) : (
        <Policies items={query.data.items} />
      )}
      {query.isSuccess && <Calibrations />}
    </div>
  )
}

export default PoliciesPage
